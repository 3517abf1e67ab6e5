import type { Selection, Task } from '../proofs/select.ts';
import type { Appliance } from './appliance.ts';
import type { Proof } from './proof.ts';
import { recordProof } from './proof-record.ts';
import { verify, type VerifyOptions } from './verify.ts';

export interface RecordedRun {
  readonly proofs: readonly Proof[];
  /** Those that do not hold although the record says that they do, with the same content. */
  readonly contradicted: readonly Task[];
}

/**
 * Runs what was selected, and writes down each result as it comes: a run that is stopped goes on where it was.
 * `all` has every task of the labs concerned.
 */
export async function verifyOnRecord(
  appliance: Appliance,
  { all, tasks, today }: { all: readonly Task[]; tasks: Selection['tasks']; today: string },
  { onProof, ...options }: Omit<VerifyOptions, 'only'>,
): Promise<RecordedRun> {
  const only = new Map<string, string[]>();
  for (const { lab, name } of tasks) only.set(lab, [...(only.get(lab) ?? []), name]);
  const contradicted: Task[] = [];
  const proofs = await verify(appliance, {
    ...options,
    only,
    onProof: async (proof) => {
      const task = all.find((it) => it.lab === proof.lab && it.name === proof.configuration);
      if (task?.reason === 'again' && proof.objections.length > 0) contradicted.push(task);
      await recordProof(appliance, all, proof, today);
      await onProof?.(proof);
    },
  });
  return { proofs, contradicted };
}
