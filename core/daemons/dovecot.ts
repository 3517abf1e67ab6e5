import { type Daemon, linesOf, missing, place, type Said } from './daemon.ts';

const main = '/etc/dovecot/dovecot.conf';

/** Dovecot does not start with a setting that it does not know; each version takes some away. */
export const dovecot: Daemon = {
  name: 'dovecot',
  where: 'serves dovecot',
  questions: { check: 'doveconf -n 2>&1 >/dev/null', said: 'said dovecot /etc/dovecot' },
  missing: missing('dovecot'),
  read: (answer) => {
    const said = [...linesOf(answer('check')), ...linesOf(answer('said'))].flatMap(readLine);
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
