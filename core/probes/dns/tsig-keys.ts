import { LabError } from '../../model/errors.ts';
import type { Node } from '../../runtime/runtime.ts';

export interface TsigKey {
  readonly name: string;
  /** As dig's `-y` wants it: `hmac-sha256:name:secret`. */
  readonly text: string;
}

/** The keys that a name server has for talking to other servers, as its configuration stands on its disk. */
export async function readKeys(node: Node, signal: AbortSignal): Promise<TsigKey[]> {
  const { stdout, stderr, exitCode } = await node.exec(['named-checkconf', '-p'], { signal });
  if (exitCode !== 0)
    throw new LabError('command-failed', `named-checkconf on ${node.name}: ${(stdout + stderr).trim()}`);
  return parseKeys(stdout);
}

/** The `key` statements of what `named-checkconf -p` prints, without those that only rndc uses. */
export function parseKeys(config: string): TsigKey[] {
  const statements = config.matchAll(/^key "([^"]+)" \{\s*algorithm "([^"]+)";\s*secret "([^"]+)";\s*\};/gm);
  return [...statements]
    .map(([, name = '', algorithm = '', secret = '']) => ({ name, text: `${algorithm}:${name}:${secret}` }))
    .filter(({ name }) => !name.startsWith('rndc'));
}
