import { type Daemon, lastStart, linesOf, missing, place, type Said, unreadable } from './daemon.ts';

const main = '/etc/dovecot/dovecot.conf';

/** Dovecot does not start with a setting that it does not know; each version takes some away. */
export const dovecot: Daemon = {
  name: 'dovecot',
  where: 'serves dovecot',
  questions: {
    check: 'doveconf -n 2>&1 >/dev/null',
    said: 'said dovecot /etc/dovecot',
    keys: unreadable("doveconf -n 2>/dev/null | sed -nE 's/^ssl_server_(cert|key)_file = //p'"),
    log: `${lastStart('dovecot: master: .*\\(starting up\\|SIGHUP\\)', 'dovecot', '/var/log/mail.log')} | grep -E 'master: (Fatal|Error): '`,
  },
  missing: missing('dovecot'),
  read: (answer) => {
    const said = [
      ...['check', 'said'].flatMap((question) => linesOf(answer(question)).flatMap(readLine)),
      ...linesOf(answer('log')).flatMap((line) => readLine(line.replace(/^.*master: /, ''))),
      ...linesOf(answer('keys')).map((it): Said => ({ severity: 'refused', file: main, message: `cannot read ${it}` })),
    ];
    return said.filter((it, index) => said.findIndex((other) => other.message === it.message) === index);
  },
};

/** `doveconf: Fatal: Error in configuration file /etc/dovecot/dovecot.conf line 41: foo: Unknown setting: foo` */
function readLine(text: string): Said[] {
  const [, kind = '', words = ''] = /^(?:\w+: )?(Fatal|Error|Panic|Warning): (.+)$/.exec(text) ?? [];
  if (words === '') return [];
  const severity = kind === 'Warning' ? 'warning' : 'refused';
  const [, file, line, message] =
    /^(?:Error in configuration file |NOTE: |Obsolete setting in )?(\/\S+?)(?: line |:)(\d+): (.+)$/.exec(words) ?? [];
  if (message !== undefined) return [{ severity, file: file ?? main, ...place(line), message }];
  const [, opened, more] = /^Error in configuration file (\/\S+): (.+)$/.exec(words) ?? [];
  const [, began] = /section started at \/?\S*:(\d+)/.exec(words) ?? [];
  return [{ severity, file: opened ?? main, ...place(began), message: more ?? words }];
}
