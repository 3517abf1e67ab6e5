import { type Daemon, linesOf, place, type Said } from './daemon.ts';

const main = '/etc/ssh/sshd_config';

/** sshd does not start with a file that it does not understand, and goes on without options that are only old. */
export const sshd: Daemon = {
  name: 'sshd',
  service: 'ssh',
  where: 'serves ssh && [ -f /etc/ssh/sshd_config ]',
  questions: {
    // As the start of the node calls it: the host key is the machine's own.
    check: 'mkdir -p /run/sshd; . /etc/default/ssh; /usr/sbin/sshd $SSHD_OPTS -t',
    said: 'said ssh /etc/ssh',
    log: "pgrep -x sshd >/dev/null || grep -hE ' sshd\\[[0-9]+\\]: (error|fatal): ' /var/log/auth.log | tail -n 5",
  },
  // It goes to the background before it listens.
  missing: `for n in 1 2 3 4 5; do ss -Hltnp | grep -q '"sshd"' && exit; sleep 0.2; done; echo sshd`,
  read: (answer) => {
    const { exitCode } = answer('check');
    const bound = [...linesOf(answer('said')), ...linesOf(answer('log'))]
      .map((it) => it.replace(/^.* sshd\[\d+\]: /, ''))
      .filter((it) => /^(?:error|fatal): |Bind to port|Cannot bind/i.test(it));
    return [
      ...linesOf(answer('check')).flatMap((line) => readLine(line, exitCode !== 0)),
      ...bound.map((message): Said => ({ severity: 'refused', file: main, message })),
    ];
  },
};

/** `/etc/ssh/sshd_config: line 32: Bad configuration option: Foo`; without the colon for a bad value. */
function readLine(text: string, failed: boolean): Said[] {
  if (/terminating, \d+ bad configuration options/.test(text)) return [];
  const severity =
    failed && !/deprecated option|unsupported option [a-z]|unable to load host key/i.test(text) ? 'refused' : 'warning';
  const [, file, line, message] = /^(\/\S+?):? line (\d+): (.+)$/.exec(text) ?? [];
  return [
    message === undefined
      ? { severity, file: main, message: text }
      : { severity, file: file ?? main, ...place(line), message },
  ];
}
