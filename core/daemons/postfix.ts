import { type Daemon, linesOf, missing, place, type Said } from './daemon.ts';

const main = '/etc/postfix/main.cf';

/**
 * Postfix starts with a parameter that it does not know, and a map that cannot be opened is met by the first
 * client: so each map is opened. Its master says in the mail log what it died of.
 */
export const postfix: Daemon = {
  name: 'postfix',
  where: 'serves postfix',
  questions: {
    check: '{ postconf -n; postconf -M; postconf -P; } 2>&1 >/dev/null',
    parameters: `grep -nE '^[A-Za-z0-9_]+[[:space:]]*=' ${main}`,
    maps: `{ postconf -nx; postconf -Px; } 2>/dev/null | grep -oE '[a-z0-9]+:/etc/[^],;{}"[:space:]]+' | sort -u |
      while read -r map; do postmap -q breakwater.invalid "$map" 2>&1 >/dev/null | sed "s|^|$map |"; done`,
    log: "tac /var/log/mail.log 2>/dev/null | sed '/postfix-script\\[[0-9]*\\]: \\(starting\\|refreshing\\) the Postfix/q' | tac | grep -E 'postfix(/[a-z-]+)*\\[[0-9]+\\]: (fatal|panic): '",
  },
  missing: missing('master'),
  read: (answer) => {
    const parameters = new Map(
      linesOf(answer('parameters')).map((text) => {
        const [, line = '', name = ''] = /^(\d+):(\w+)/.exec(text) ?? [];
        return [name, line];
      }),
    );
    const said = [
      ...linesOf(answer('check')).flatMap((line) => readLine(line, parameters)),
      ...linesOf(answer('maps')).flatMap(readMap),
      ...linesOf(answer('log')).flatMap((line) =>
        readLine(line.replace(/^.*\bpostfix(?:\/[\w-]+)*\[\d+\]: /, 'postfix: '), parameters),
      ),
    ];
    return said.filter((it, index) => said.findIndex((other) => other.message === it.message) === index);
  },
};

/** `postconf: fatal: /etc/postfix/main.cf, line 73: missing '=' after attribute name: "foo bar"` */
function readLine(text: string, parameters: ReadonlyMap<string, string>): Said[] {
  const [, kind = '', words = ''] = /^[\w/-]+: (fatal|error|panic|warning): (.+)$/.exec(text) ?? [];
  if (words === '') return [];
  const severity = kind === 'warning' ? 'warning' : 'refused';
  const [, file, line, message = words] = /^(\/[^\s,:]+)(?:, line (\d+))?: (.+)$/.exec(words) ?? [];
  const [, unused] = /^unused parameter: (\w+)/.exec(message) ?? [];
  const where = line ?? parameters.get(unused ?? parameterIn(message, parameters) ?? '');
  // What is wrong in an entry of master.cf is quoted, and no file is named.
  const inMaster = / field "|master\.cf/.test(message);
  return [{ severity, file: file ?? (inMaster ? '/etc/postfix/master.cf' : main), ...place(where), message }];
}

/** A bad value is complained of by the name of its parameter. */
function parameterIn(message: string, parameters: ReadonlyMap<string, string>): string | undefined {
  return message.match(/\w+/g)?.find((it) => it.includes('_') && parameters.has(it));
}

/** `hash:/etc/postfix/virtual postmap: fatal: open database /etc/postfix/virtual.db: No such file or directory` */
function readMap(text: string): Said[] {
  const [, map = '', kind, words = ''] = /^(\S+) postmap: (fatal|error|warning): (.+)$/.exec(text) ?? [];
  if (kind === undefined) return [];
  const file = map.replace(/^\w+:/, '');
  const [, line, message = words] = /^(?:\S+ map )?\/\S+, line (\d+): (.+)$/.exec(words) ?? [];
  const dropped = kind !== 'warning' || /skipp|ignor/.test(message);
  return [{ severity: dropped ? 'refused' : 'warning', file, ...place(line), message: `${map}: ${message}` }];
}
