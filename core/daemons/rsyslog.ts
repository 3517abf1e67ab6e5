import { type Daemon, linesOf, missing, place, type Said } from './daemon.ts';

const main = '/etc/rsyslog.conf';

/** rsyslog goes on without the statements that it does not understand: what they were to log is lost. */
export const rsyslog: Daemon = {
  name: 'rsyslog',
  where: 'serves rsyslog',
  questions: { check: 'rsyslogd -N1' },
  missing: missing('rsyslogd'),
  read: (answer) => {
    const { exitCode } = answer('check');
    const said = linesOf(answer('check')).flatMap((line) => readLine(line, exitCode !== 0));
    // One slip in a line makes it complain of each character that follows, and of the whole in the end.
    const told = (it: Said, other: Said): boolean => it.file === other.file && it.line === other.line;
    const first = said.filter(
      (it, index) => it.line === undefined || said.findIndex((other) => told(it, other)) === index,
    );
    return first.length > 1 ? first.filter((it) => !it.message.startsWith('could not interpret master')) : first;
  },
};

/** `rsyslogd: error during parsing file /etc/rsyslog.d/10-x.conf, on or before line 3: parameter 'prt' not known … [v8.2504.0 try … ]` */
function readLine(text: string, failed: boolean): Said[] {
  const words = text.replace(/^rsyslogd: /, '').replace(/ \[v\d[^\]]*\]$/, '');
  if (words === text || /^(?:version|End of config validation)/.test(words)) return [];
  const severity = !failed || /^warning\b|deprecated/.test(words) ? 'warning' : 'refused';
  const [, file, line, message] =
    /^(?:error|warning) during parsing file (\S+), on or before line (\d+): (.+)$/.exec(words) ?? [];
  return [
    message === undefined
      ? { severity, file: main, message: words }
      : { severity, file: file ?? main, ...place(line), message },
  ];
}
