import { type Daemon, linesOf, place, type Said } from './daemon.ts';

const file = '/etc/frr/frr.conf';

/**
 * FRR drops each line that it does not understand and goes on, so that a route-map means something else than
 * its author meant. `vtysh --dryrun` reads the file as a start does and names all such lines; what can only
 * be told when a line is carried out (a neighbour of an unknown peer-group) is said at the start.
 */
export const frr: Daemon = {
  name: 'frr',
  where: 'serves frr',
  questions: {
    dryrun: `[ ! -f ${file} ] || vtysh --dryrun --inputfile ${file}`,
    said: `said frr ${file} /etc/frr/daemons`,
    text: `cat ${file}`,
  },
  missing: `for it in zebra staticd $(sed -n 's/^\\([a-z0-9]*d\\) *= *"*yes.*/\\1/p' /etc/frr/daemons 2>/dev/null); do pgrep -x "$it" >/dev/null || echo "$it"; done`,
  read: (answer) => {
    const lines = answer('text').text.split('\n');
    const said = [
      ...linesOf(answer('dryrun')).flatMap(readUnknown),
      ...linesOf(answer('said')).flatMap((text) => readUntaken(text, lines)),
    ];
    return said.filter((it, index) => said.findIndex((other) => other.line === it.line) === index);
  },
};

/** `line 210: % Unknown command[7]:  match ip-address prefix-list BOGONS4` */
function readUnknown(text: string): Said[] {
  const [, line, words] = /^line (\d+): % ?(.+)$/.exec(text) ?? [];
  if (words === undefined) return [];
  const message = words.replace(/\[\d+\]:\s*/, ': ');
  return [{ severity: /deprecated/i.test(message) ? 'warning' : 'refused', file, ...place(line), message }];
}

/**
 * `line 200: Failure to communicate[13] to bgpd, line:  neighbor 192.0.2.99 peer-group NOPE`. A reload counts the
 * lines of a list of changes, so the line is found by its words.
 */
function readUntaken(text: string, lines: readonly string[]): Said[] {
  const [, counted, daemon, words = ''] =
    /\bline (\d+): Failure to communicate\[\d+\] to (\w+), line:\s*(.+)$/.exec(text) ?? [];
  if (counted === undefined || daemon === undefined) return [];
  const has = (line: string | undefined): boolean => line?.trim() === words.trim();
  const index = has(lines[Number(counted) - 1]) ? Number(counted) - 1 : lines.findIndex(has);
  return [
    {
      severity: 'refused',
      file,
      ...(index < 0 ? {} : place(String(index + 1))),
      message: `${daemon} did not take: ${words.trim()}`,
    },
  ];
}
