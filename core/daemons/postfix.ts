import { type Daemon, lastStart, linesOf, missing, place, type Said, unreadable } from './daemon.ts';

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
    // The server of the first client meets a bad value, and dies before it greets: so there is a first client.
    log: `timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/25 && read -rt 2 -u 3; echo QUIT >&3' 2>/dev/null; ${lastStart('postfix-script\\[[0-9]*\\]: \\(starting\\|refreshing\\) the Postfix', 'postfix', '/var/log/mail.log')} | grep -E ': (fatal|panic): '`,
    programs: `postconf -M 2>/dev/null | awk '$8 ~ /^[a-z]/ { print $8 }' | sort -u | while read -r it; do
      [ -x "/usr/lib/postfix/sbin/$it" ] || grep -nE "[[:space:]]$it([[:space:]]|$)" /etc/postfix/master.cf | sed "s|^|$it |"; done`,
    keys: unreadable('postconf -nxh smtpd_tls_cert_file smtpd_tls_key_file smtpd_tls_chain_files'),
    // A restriction that it does not know is met by the first client as well: its program has all their names.
    restrictions: `for it in $({ postconf -nx; postconf -Px; } 2>/dev/null | grep -oE '\\b(permit|reject|defer|check|warn)_[a-z0-9_]+' | sort -u); do
      grep -qaw "$it" /usr/lib/postfix/sbin/smtpd /usr/lib/postfix/libpostfix-global.so || grep -nw "$it" ${main} /etc/postfix/master.cf | sed "s|^|$it |"; done`,
  },
  missing: missing('master'),
  // anvil(8) counts; master(8) starts a new one for the next client.
  // Dovecot has an anvil of its own, on which its logins hang: it runs as another user.
  forget: 'pkill -x -u postfix anvil || :',
  read: (answer) => {
    const parameters = new Map(
      linesOf(answer('parameters')).map((text) => {
        const [, line = '', name = ''] = /^(\d+):(\w+)/.exec(text) ?? [];
        return [name, line];
      }),
    );
    const said = [
      ...linesOf(answer('check')).flatMap((line) => readLine(line, parameters)),
      ...linesOf(answer('restrictions')).flatMap(readRestriction),
      ...linesOf(answer('programs')).flatMap(readProgram),
      ...linesOf(answer('keys')).map((it): Said => ({ severity: 'refused', file: main, message: `cannot read ${it}` })),
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
  if (words === '' || words.startsWith('cannot execute')) return [];
  const severity = kind === 'warning' ? 'warning' : 'refused';
  const [, file, line, message = words] = /^(?:file )?(\/[^\s,:]+)(?:[,:] line (\d+))?: (.+)$/.exec(words) ?? [];
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

/** `reject_unath_destination /etc/postfix/main.cf:72:smtpd_recipient_restrictions = reject_unath_destination` */
function readRestriction(text: string): Said[] {
  const [, name, file, line] = /^(\S+) (\/[^:]+):(\d+):/.exec(text) ?? [];
  return name === undefined
    ? []
    : [{ severity: 'refused', file: file ?? main, ...place(line), message: `unknown smtpd restriction: "${name}"` }];
}

/** `smtpdd 50:2525 inet n - y - - smtpdd` */
function readProgram(text: string): Said[] {
  const [, name, line] = /^(\S+) (\d+):/.exec(text) ?? [];
  return name === undefined
    ? []
    : [
        {
          severity: 'refused',
          file: '/etc/postfix/master.cf',
          ...place(line),
          message: `there is no program "${name}"`,
        },
      ];
}

/** `hash:/etc/postfix/virtual postmap: fatal: open database /etc/postfix/virtual.db: No such file or directory` */
function readMap(text: string): Said[] {
  const [, map = '', kind, words = ''] = /^(\S+) postmap: (fatal|error|warning): (.+)$/.exec(text) ?? [];
  if (kind === undefined) return [];
  const file = map.replace(/^\w+:/, '');
  // Of main.cf it complains for each map; that is said once, elsewhere.
  if (/^parameter |^\/\S+\.cf, line \d+: |package installed\?$/.test(words)) return [];
  const [, line, message = words] = /^(?:\S+ map )?\/\S+, line (\d+): (.+)$/.exec(words) ?? [];
  const dropped = kind !== 'warning' || /skipp|ignor/.test(message);
  return [{ severity: dropped ? 'refused' : 'warning', file, ...place(line), message: `${map}: ${message}` }];
}
