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
  },
  missing: `for it in zebra staticd $(sed -n 's/^\\([a-z0-9]*d\\) *= *"*yes.*/\\1/p' /etc/frr/daemons 2>/dev/null); do pgrep -x "$it" >/dev/null || echo "$it"; done`,
  read: (answer) => {
    const said = [...linesOf(answer('dryrun')), ...linesOf(answer('said'))].flatMap(readLine);
    return said.filter((it, index) => said.findIndex((other) => other.line === it.line) === index);
  },
};

/** `line 210: % Unknown command[7]:  match ip-address prefix-list BOGONS4` */
function readLine(text: string): Said[] {
  const [, line, words = ''] = /\bline (\d+): (.+)$/.exec(text) ?? [];
  if (line === undefined) return [];
  const message = words.replace(/^% ?/, '').replace(/\[\d+\]:\s*/, ': ');
  return [{ severity: /deprecated/i.test(message) ? 'warning' : 'refused', file, ...place(line), message }];
}
