import type { Network } from '../../runtime/runtime.ts';

/**
 * Why a mail server that takes connections does not speak, as far as its log knows: what keeps smtpd
 * from starting since the configuration was last read. Undefined when it may still come to.
 */
export async function whySilent(network: Network, server: string, signal: AbortSignal): Promise<string | undefined> {
  // A service that died stays away for a minute, in which the others may write a lot.
  const telling = 'daemon started|reload|starting|refreshing|smtpd\\[[0-9]+\\]: fatal: ';
  const { stdout } = await network
    .node(server)
    .exec(['sh', '-c', `grep -aE '${telling}' /var/log/mail.log | tail -n 500`], { signal });
  return fatalSinceStart(stdout);
}

/**
 * The last reason for which smtpd gave up after the last start or reload of Postfix. Older ones may be
 * mended by now, although master still holds the service back.
 */
export function fatalSinceStart(log: string): string | undefined {
  const lines = log.split('\n');
  const start = lines.findLastIndex((line) =>
    /postfix\/(?:master|postfix-script)\[\d+\]: (?:daemon started|reload|starting|refreshing)/.test(line),
  );
  const fatal = lines.slice(start + 1).findLast((line) => /postfix\/\S*smtpd\[\d+\]: fatal: /.test(line));
  return fatal === undefined ? undefined : `smtpd cannot start: ${fatal.replace(/^.*?fatal: /, '')}`;
}
