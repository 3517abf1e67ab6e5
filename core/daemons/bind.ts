import { type Daemon, lastStart, linesOf, missing, place, type Said } from './daemon.ts';

/**
 * named refuses a whole file for one option that is gone, and serves no zone whose file has an error. Asked as
 * the user that it runs as: what root may read, named may not.
 */
export const bind: Daemon = {
  name: 'named',
  where: 'serves named',
  questions: {
    check: 'setpriv --reuid=bind --regid=bind --clear-groups named-checkconf -z',
    log: `pgrep -x named >/dev/null || ${lastStart('starting BIND', 'named')}`,
  },
  missing: missing('named'),
  read: (answer) => {
    const { exitCode } = answer('check');
    const said = linesOf(answer('check')).flatMap((line) => readLine(line, exitCode !== 0));
    // The last line of a broken zone only repeats what the others say; it counts where nothing else does.
    const telling = said.filter((it) => !it.repeats).map((it) => it.said);
    if (telling.some((it) => it.severity === 'refused')) return telling;
    if (exitCode !== 0) return said.map((it) => it.said);
    return [...telling, ...linesOf(answer('log')).flatMap(readLog)];
  },
};

const main = '/etc/bind/named.conf';
/** What named takes all the same (bin/check, lib/isccfg): said in the same form as what it refuses. */
const harmless =
  /deprecated|obsolete|experimental|not recommended|will be removed|should be|is ignored|not implemented/;

/** What is only met when named configures itself: an ACL that is not defined, a log file that it may not write. */
function readLog(text: string): Said[] {
  const words = text.replace(/^.* named\[\d+\]: (?:\w+: )?/, '');
  const [, file, line, message = ''] = /^(\/\S+?):(\d+): (.+)$/.exec(words) ?? [];
  if (file !== undefined && !harmless.test(message)) return [{ severity: 'refused', file, ...place(line), message }];
  return /permission denied|isc_stdio_open .* failed|address in use/.test(words)
    ? [{ severity: 'refused', file: main, message: words }]
    : [];
}

interface Line {
  readonly said: Said;
  readonly repeats: boolean;
}

function readLine(text: string, failed: boolean): Line[] {
  if (/^zone \S+: (?:loaded serial|not loaded due to errors)/.test(text)) return [];
  const severity = failed && !harmless.test(text) ? 'refused' : 'warning';
  // `dns_rdata_fromtext: /etc/bind/zones/isp.example:59: near '1.2.3': bad dotted quad`, `/etc/bind/named.conf:7: …`
  const [, file, line, message = ''] = /^(?:\w+: )?(\/[^:\s]*|[\w.-]+(?:\/[^:\s]*)?):(\d+): (.+)$/.exec(text) ?? [];
  if (file !== undefined) return [{ said: { severity, file, ...place(line), message }, repeats: false }];
  // `zone q.example/IN: loading from master file /etc/bind/zones/q failed: file not found`
  const [, zoneFile] = /from \w+ file (\S+) failed/.exec(text) ?? [];
  if (zoneFile !== undefined) return [{ said: { severity, file: zoneFile, message: text }, repeats: true }];
  const [, opened] = /^open: (\S+?):/.exec(text) ?? [];
  return [{ said: { severity, file: opened ?? main, message: text }, repeats: /^\S+\/\S+\/IN: /.test(text) }];
}
