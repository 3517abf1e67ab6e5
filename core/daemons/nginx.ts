import { type Daemon, linesOf, missing, place, type Said } from './daemon.ts';

const main = '/etc/nginx/nginx.conf';

/** nginx stops at the first directive that it does not understand. What it cannot bind it tells at its start. */
export const nginx: Daemon = {
  name: 'nginx',
  where: 'serves nginx',
  questions: {
    check: 'nginx -t',
    said: 'said nginx /etc/nginx',
    // What it cannot bind at a reload it tells its log alone.
    log: `since=$(find /etc/nginx -type f -printf '%TY/%Tm/%Td %TH:%TM:%TS\\n' | sort | tail -n 1 | cut -c 1-19)
      awk -v since="$since" '$1 " " $2 >= since && /\\[emerg\\]/' /var/log/nginx/error.log`,
  },
  missing: missing('nginx'),
  read: (answer) => {
    const said = ['check', 'said', 'log'].flatMap((question) => linesOf(answer(question)).flatMap(readLine));
    return said.filter((it, index) => said.findIndex((other) => other.message === it.message) === index);
  },
};

/** `2026/11/30 09:20:47 [emerg] 154#154: unknown directive "lissten" in /etc/nginx/nginx.conf:52` */
function readLine(text: string): Said[] {
  const [, level, words = ''] = /\[(warn|error|crit|alert|emerg)\](?: \d+#\d+:)? (.+)$/.exec(text) ?? [];
  if (level === undefined) return [];
  const [, message, file, line] = /^(.+) in (\/\S+?):(\d+)$/.exec(words) ?? [];
  return [
    {
      severity: level === 'warn' ? 'warning' : 'refused',
      file: file ?? main,
      ...place(line),
      message: message ?? words,
    },
  ];
}
