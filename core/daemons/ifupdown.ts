import { type Daemon, linesOf, place, type Said } from './daemon.ts';

const main = '/etc/network/interfaces';

/** ifup(8) brings up nothing of a file that it cannot read to its end, and what fails at the start leaves a link without its address. */
export const ifupdown: Daemon = {
  name: 'ifupdown',
  where: `[ -f ${main} ]`,
  questions: {
    check: 'ifup --no-act --force -a 2>&1 >/dev/null',
    said: 'said network /etc/network',
  },
  read: (answer) => {
    const said = [...linesOf(answer('check')), ...linesOf(answer('said'))].flatMap(readLine);
    return said.filter((it, index) => said.findIndex((other) => other.message === it.message) === index);
  },
};

/**
 * `/etc/network/interfaces:5: option with empty value`, `ifup: failed to bring up eth0`. Between such lines stand
 * the commands that would be run, and at a start what they said.
 */
function readLine(text: string): Said[] {
  const words = text.replace(/^if(?:up|query): (?:error: )?/, '');
  const [, file, line, message] = /^(\/\S+?):(\d+): (.+)$/.exec(words) ?? [];
  if (message !== undefined) {
    const severity = /^warning/i.test(message) ? 'warning' : 'refused';
    return [{ severity, file: file ?? main, ...place(line), message }];
  }
  if (words === text || /^(?:warning|waiting for lock|interface \S+ already configured)/i.test(words)) return [];
  return [{ severity: 'refused', file: main, message: words }];
}
