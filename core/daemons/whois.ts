import { type Daemon, linesOf, place, type Said } from './daemon.ts';

/** The registry of the reference network: objects in RPSL (RFC 2622), asked by whois (RFC 3912). */
export const whois: Daemon = {
  name: 'registry',
  where: 'serves registry',
  questions: { said: 'said registry /etc/registry; tail -n 20 /var/log/registry.log 2>/dev/null' },
  missing: 'pgrep -f /usr/lib/registry/whoisd >/dev/null || echo whoisd',
  read: (answer) => linesOf(answer('said')).flatMap(readLine),
};

function readLine(text: string): Said[] {
  const [, file, line, message] = /^(?:\w+: )?(\/etc\/registry\/\S+?):(\d+): (.+)$/.exec(text) ?? [];
  return message === undefined ? [] : [{ severity: 'refused', file: file ?? '/etc/registry', ...place(line), message }];
}
