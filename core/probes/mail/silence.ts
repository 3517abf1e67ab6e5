import type { Network } from '../../runtime/runtime.ts';

/**
 * Why a mail server that takes connections does not speak, as far as its log knows: what keeps smtpd
 * from starting since the configuration was last read. Undefined when it may still come to.
 */
export async function whySilent(network: Network, server: string, signal: AbortSignal): Promise<string | undefined> {
  return fatalSinceStart(await logOf(network, server, 'smtpd\\[[0-9]+\\]: fatal: ', signal));
}

/**
 * Whether Postfix puts off by a fault of its own and not of the client: it cannot ask its policy server (X.3.5, "system
 * incorrectly configured", RFC 3463 §3.4), or its milter (`milter_default_action`).
 */
export function isOwnFault(reply: string): boolean {
  return /^4\d\d (?:4\.3\.5\b|.*\bService unavailable - try again later)/.test(reply);
}

/**
 * Why a mail server that puts everybody off will go on doing so, as far as its log knows: it asks a program
 * about each client, a milter or a policy server, and cannot. Undefined when the next try may be taken.
 */
export async function whyPutOff(network: Network, server: string, signal: AbortSignal): Promise<string | undefined> {
  const telling = 'warning: (connect to Milter service|problem talking to server) ';
  return helperThatIsMissing(await logOf(network, server, telling, signal));
}

/** A service that died stays away for a minute, in which the others may write a lot: what tells is picked out. */
async function logOf(network: Network, server: string, telling: string, signal: AbortSignal): Promise<string> {
  const wanted = `daemon started|reload|starting|refreshing|${telling}`;
  const { stdout } = await network
    .node(server)
    .exec(['sh', '-c', `grep -aE '${wanted}' /var/log/mail.log | tail -n 500`], { signal });
  return stdout;
}

/**
 * The last reason for which smtpd gave up after the last start or reload of Postfix. Older ones may be
 * mended by now, although master still holds the service back.
 */
export function fatalSinceStart(log: string): string | undefined {
  const fatal = sinceStart(log).findLast((line) => /postfix\/\S*smtpd\[\d+\]: fatal: /.test(line));
  return fatal === undefined ? undefined : `smtpd cannot start: ${fatal.replace(/^.*?fatal: /, '')}`;
}

/** The last program that smtpd could not ask after the last start or reload of Postfix, in the words of its log. */
export function helperThatIsMissing(log: string): string | undefined {
  const warning = sinceStart(log).findLast((line) =>
    /postfix\/\S*smtpd\[\d+\]: warning: (?:connect to Milter service|problem talking to server) /.test(line),
  );
  return warning?.replace(/^.*?warning: /, '');
}

function sinceStart(log: string): readonly string[] {
  const lines = log.split('\n');
  const start = lines.findLastIndex((line) =>
    /postfix\/(?:master|postfix-script)\[\d+\]: (?:daemon started|reload|starting|refreshing)/.test(line),
  );
  return lines.slice(start + 1);
}
