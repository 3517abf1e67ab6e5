import { type Daemon, linesOf, place, type Said } from './daemon.ts';

const file = '/etc/nftables.conf';

/**
 * One wrong word, and nft loads nothing of the file: the node has no rules at all. Asked behind a flush in the
 * same transaction, which is how the file is met at a start.
 */
export const nftables: Daemon = {
  name: 'nftables',
  where: `[ -f ${file} ]`,
  questions: { check: `printf 'flush ruleset\\ninclude "${file}"\\n' | nft -c -f -` },
  read: (answer) => {
    const { exitCode } = answer('check');
    const lines = linesOf(answer('check'));
    const said = lines.flatMap(readLine);
    if (exitCode === 0 || said.some((it) => it.severity === 'refused')) return said;
    return [...said, { severity: 'refused', file, message: lines.join(' ') || `nft ended with exit code ${exitCode}` }];
  },
};

/** `/etc/nftables.conf:2:16-18: Error: Could not process rule: No such file or directory`; the lines after it show the place. */
function readLine(text: string): Said[] {
  const [, where = '', line, column, kind, message = ''] =
    /^(\S+?):(\d+):(\d+)(?:-\d+)?: (Error|Warning): (.+)$/.exec(text) ?? [];
  if (kind === undefined) return [];
  const named = where.startsWith('/') && !where.startsWith('/dev/');
  return [
    {
      severity: kind === 'Error' ? 'refused' : 'warning',
      file: named ? where : file,
      ...(named ? place(line, column) : {}),
      message,
    },
  ];
}
