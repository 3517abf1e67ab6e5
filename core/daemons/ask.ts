import { randomBytes } from 'node:crypto';

import { commandFailed } from '../exec/command.ts';
import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import type { Network } from '../runtime/runtime.ts';
import { type Answer, type Daemon, serves } from './daemon.ts';

/** How long a node may take to start before its daemons are asked as it stands. */
const startSeconds = 20;

/** Asks the daemons of nodes for their own complaints: one command a node, in which all are asked side by side. */
export async function askDaemons(
  network: Network,
  nodes: readonly string[],
  daemons: readonly Daemon[],
  signal?: AbortSignal,
): Promise<readonly DaemonDiagnostic[]> {
  const said = await Promise.all(
    nodes.map(async (node) => {
      const boundary = `--${randomBytes(8).toString('hex')}`;
      const result = await network
        .node(node)
        .exec(['bash', '-c', scriptFor(daemons), 'ask', boundary], { timeoutMs: 60_000, signal });
      if (result.exitCode !== 0) throw commandFailed({ ...result, argv: [`${node}:`, 'ask its daemons'] });
      return readAnswers(node, daemons, result.stdout, boundary);
    }),
  );
  return said.flat();
}

/** What is asked of a node. Each question is answered into a file of its own; they are told at the end, each behind a boundary. */
function scriptFor(daemons: readonly Daemon[]): string {
  const questions = daemons.map(({ name, service = name, where, questions: asked, missing }) => {
    const all = { ...asked, ...(missing === undefined ? {} : { missing, died: wordsOf(name, service) }) };
    const each = Object.entries(all).map(
      ([question, script]) => `( ${script}\n) >"$d/${name}.${question}" 2>&1; echo $? >>"$d/${name}.${question}"`,
    );
    return `if ${where}; then ${each.map((it) => `{ ${it}; } &`).join('\n')}\nfi`;
  });
  return `d=$(mktemp -d) || exit 1
for ((n = 0; n < ${startSeconds * 10}; n++)); do [ -e /run/breakwater/started ] && break; sleep 0.1; done
${serves}
said() {
  local words=/run/breakwater/said/$1; shift
  [ -e "$words" ] && [ -z "$(find "$@" -newer "$words" -print -quit 2>/dev/null)" ] && cat "$words"
}
${questions.join('\n')}
wait
cd "$d" && for file in *; do [ ! -f "$file" ] || { printf '\\n%s %s\\n' "$1" "$file"; cat "$file"; }; done
rm -rf "$d"`;
}

/** What a daemon that died said at its start, and what it left in the log: many say nothing at their start. */
function wordsOf(name: string, service: string): string {
  return `{ grep -hE ' ${name}(/[a-z-]+)*(\\[[0-9]+\\])?: ' /var/log/syslog /var/log/auth.log /var/log/mail.log | sort | sed 's/^[^ ]* [^ ]* //' | tail -n 20
    cat /run/breakwater/said/${service}; } 2>/dev/null`;
}

/** Pure. */
export function readAnswers(
  node: string,
  daemons: readonly Daemon[],
  text: string,
  boundary: string,
): readonly DaemonDiagnostic[] {
  const answers = new Map<string, Answer>();
  for (const part of text.split(`\n${boundary} `).slice(1)) {
    const [name = '', ...rest] = part.trimEnd().split('\n');
    answers.set(name, { exitCode: Number(rest.pop() ?? 0), text: rest.join('\n') });
  }
  return daemons.flatMap((daemon) => diagnosticsOf(node, daemon, answers));
}

const silence: Answer = { text: '', exitCode: 0 };

function diagnosticsOf(
  node: string,
  daemon: Daemon,
  answers: ReadonlyMap<string, Answer>,
): readonly DaemonDiagnostic[] {
  const answer = (question: string): Answer => answers.get(`${daemon.name}.${question}`) ?? silence;
  const said = daemon.read(answer).map((it): DaemonDiagnostic => ({
    node,
    daemon: daemon.name,
    ...it,
    ...(it.file === undefined ? {} : { file: fileOf(node, it.file) }),
  }));
  const missing = answer('missing').text.trim().split('\n').filter(Boolean);
  if (missing.length === 0) return said;
  const refused = said.filter((it) => it.severity === 'refused');
  const warnings = said.filter((it) => it.severity === 'warning');
  // A daemon that is down for a reason of which it has told is one complaint, with that reason.
  if (refused.length > 0) return [...refused.map((it) => ({ ...it, severity: 'down' as const })), ...warnings];
  const last = answer('died')
    .text.trim()
    .split('\n')
    .findLast(
      (line) =>
        /fatal|error|fail|in use|denied|not found|unrecognized|invalid|unknown/i.test(line) &&
        !line.includes('exiting'),
    );
  const message =
    last ?? `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there, and its log says nothing`;
  return [{ node, daemon: daemon.name, severity: 'down', message }, ...warnings];
}

/** `/etc/frr/frr.conf` of br1 is `br1/etc/frr/frr.conf` to its author. */
function fileOf(node: string, file: string): string {
  return file.startsWith('/') ? `${node}${file}` : file;
}
