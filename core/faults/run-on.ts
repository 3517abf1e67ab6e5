import { commandFailed } from '../exec/command.ts';
import type { Bench } from './fault.ts';

const timeoutMs = 30_000;

/** Runs a script of sh(1) on a node to its end. @throws LabError where it fails */
export async function runOn({ network, signal }: Bench, node: string, script: string): Promise<void> {
  const result = await network.node(node).exec(['sh', '-ec', script], { timeoutMs, signal });
  if (result.exitCode !== 0) throw commandFailed(result);
}
