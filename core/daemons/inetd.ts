import { type Daemon, linesOf, place, type Said } from './daemon.ts';

const file = '/etc/inetd.conf';

/** inetd leaves out a line that it does not understand and says so in the log. It runs only where a line asks for something. */
export const inetd: Daemon = {
  name: 'inetd',
  service: 'openbsd-inetd',
  where: `serves openbsd-inetd && [ -f ${file} ]`,
  questions: {
    log: 'tac /var/log/syslog 2>/dev/null | grep -m 50 -E \' inetd\\[[0-9]+\\]: \' | grep -F " inetd[$(pgrep -o -x inetd)]: "',
    lines: `grep -nE '^[^#[:space:]]' ${file}`,
  },
  missing: `! grep -qE '^[^#[:space:]]' ${file} || pgrep -x inetd >/dev/null || echo inetd`,
  read: (answer) => {
    const lines = linesOf(answer('lines'));
    return [...new Set(linesOf(answer('log')).map((it) => it.replace(/^.* inetd\[\d+\]: /, '')))].flatMap((text) =>
      readLine(text, lines),
    );
  },
};

/** `telnett/tcp: unknown service`: named by the first and the third word of its line. */
function readLine(text: string, lines: readonly string[]): Said[] {
  if (!/unknown service|No such user|bad|invalid|missing|not found|bind|in use/i.test(text)) return [];
  const [service = '', protocol = ''] = (/^([^\s:]+\/[^\s:]+):/.exec(text)?.[1] ?? '').split('/');
  const [, line] =
    lines
      .map((it) => /^(\d+):(\S+)\s+\S+\s+(\S+)/.exec(it))
      .find((it) => service !== '' && it?.[2] === service && it[3]?.startsWith(protocol) === true) ?? [];
  return [{ severity: 'refused', file, ...place(line), message: text }];
}
