import type { Run } from '../model/run.ts';
import { listRuns, loadRun, type StoredRuns } from '../run/run-store.ts';
import { type Appliance, resultsFolder } from './appliance.ts';

/** Every run that was kept, newest first. */
export function history(appliance: Appliance): Promise<StoredRuns> {
  return listRuns(resultsFolder(appliance));
}

/** @throws LabError `unknown-name`. */
export function recall(appliance: Appliance, run: string): Promise<Run> {
  return loadRun(resultsFolder(appliance), run);
}
