import { type Daemon, linesOf, place, type Said } from './daemon.ts';

const file = '/etc/postfix/postfwd.cf';

/** postfwd leaves out a rule that it does not understand, and so a limit that somebody believes in. */
export const postfwd: Daemon = {
  name: 'postfwd',
  where: `serves postfwd && [ -f ${file} ]`,
  questions: { check: `postfwd -C -f ${file}` },
  missing: 'pgrep -u postfw >/dev/null || echo postfwd',
  // What it counted is in the process alone.
  forget: `if pgrep -u postfw >/dev/null; then
      pkill -KILL -u postfw; while pgrep -u postfw >/dev/null; do sleep 0.02; done
      service postfwd start >/dev/null 2>&1
      for turn in $(seq 100); do ss -Hltn 'sport = :10040' | grep -q . && break; sleep 0.02; done
    fi`,
  read: (answer) => {
    const said = linesOf(answer('check')).flatMap(readLine);
    return said.filter((it, index) => said.findIndex((other) => other.message === it.message) === index);
  },
};

/** `[LOG warning]: ignoring invalid /etc/postfix/postfwd.cf line 7: "id=X; foo=bar"` */
function readLine(text: string): Said[] {
  const [, words] = /^\[LOG (?:warning|err|crit)\w*\]: (.+)$/.exec(text) ?? [];
  if (words === undefined) return [];
  const [, line] = /\bline (\d+)/.exec(words) ?? [];
  return [{ severity: 'refused', file, ...place(line), message: words.replace(`${file} `, '') }];
}
