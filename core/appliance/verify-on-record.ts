import type { Selection, Task } from '../proofs/select.ts';
import type { Appliance } from './appliance.ts';
import type { Proof } from './proof.ts';
import { recordProof } from './proof-record.ts';
import { verify, type VerifyOptions } from './verify.ts';
import { type FaultProof, verifyFaults, type VerifyFaultsOptions } from './verify-faults.ts';

export interface RecordedRun<Proved = Proof> {
  readonly proofs: readonly Proved[];
  /** Those that do not hold although the record says that they do, with the same content. */
  readonly contradicted: readonly Task[];
}

/** What is on record, what of it was selected, and the day. `all` has every task of the labs concerned. */
export interface OnRecord {
  readonly all: readonly Task[];
  readonly tasks: Selection['tasks'];
  readonly today: string;
}

/** Judges the configurations that were selected, and writes down each result as it comes: a run that is stopped goes on where it was. */
export function verifyOnRecord(
  appliance: Appliance,
  record: OnRecord,
  { onProof, ...options }: Omit<VerifyOptions, 'only'>,
): Promise<RecordedRun> {
  return runOnRecord(appliance, record, (only, written) =>
    verify(appliance, {
      ...options,
      only,
      onProof: async (proof) => {
        await written({ ...proof, name: proof.configuration });
        await onProof?.(proof);
      },
    }),
  );
}

/** The same of what checks say when they cannot see. */
export function verifyFaultsOnRecord(
  appliance: Appliance,
  record: OnRecord,
  { onProof, ...options }: Omit<VerifyFaultsOptions, 'only'>,
): Promise<RecordedRun<FaultProof>> {
  return runOnRecord(appliance, record, (only, written) =>
    verifyFaults(appliance, {
      ...options,
      only,
      onProof: async (proof) => {
        await written(proof);
        await onProof?.(proof);
      },
    }),
  );
}

type Result = { readonly lab: string; readonly name: string; readonly objections: readonly string[] };

async function runOnRecord<Proved>(
  appliance: Appliance,
  { all, tasks, today }: OnRecord,
  run: (only: Map<string, string[]>, written: (result: Result) => Promise<void>) => Promise<readonly Proved[]>,
): Promise<RecordedRun<Proved>> {
  const only = new Map<string, string[]>();
  for (const { lab, name } of tasks) only.set(lab, [...(only.get(lab) ?? []), name]);
  const contradicted: Task[] = [];
  const proofs = await run(only, async (result) => {
    const task = all.find((it) => it.lab === result.lab && it.name === result.name);
    if (task?.reason === 'again' && result.objections.length > 0) contradicted.push(task);
    await recordProof(appliance, all, result, today);
  });
  return { proofs, contradicted };
}
