import { formatDaemonDiagnostic, refusalsIn } from '../model/daemon-diagnostic.ts';
import { LabError } from '../model/errors.ts';
import { ConflictError, type EditedFile } from '../workspace/edit-file.ts';
import { openWorkspace, type Workspace } from '../workspace/workspace.ts';
import { type Appliance, workspaceFolder } from './appliance.ts';
import { applyChanges, touchedServices } from './apply-changes.ts';
import { diagnose, explain } from './diagnose.ts';
import { requireStart } from './mend.ts';

export interface ConfigurationFile {
  readonly path: string;
  /** Against the start of the lab. */
  readonly status: 'same' | 'added' | 'modified' | 'deleted';
}

/** Every file of the configuration, those that were deleted since the lab began too, by path. */
export async function listConfiguration(appliance: Appliance, name: string): Promise<readonly ConfigurationFile[]> {
  const workspace = await openHome(appliance, name);
  const { start } = await requireStart(workspace, name);
  const current = await workspace.current();
  const changes = new Map((await workspace.changes(start, current)).map((it) => [it.path, it.status]));
  const paths = new Set([...(await workspace.files(current)), ...changes.keys()]);
  return [...paths].toSorted().map((path) => ({ path, status: changes.get(path) ?? 'same' }));
}

/** A file as it stands now and as the lab began; undefined where there was none. @throws `unknown-name` for neither. */
export async function readConfiguration(
  appliance: Appliance,
  name: string,
  path: string,
): Promise<{ now: EditedFile | undefined; start: string | undefined }> {
  const workspace = await openHome(appliance, name);
  const begun = await requireStart(workspace, name);
  const start = await workspace.readFileOf(begun.start, path);
  try {
    return { now: await workspace.readFile(path), start };
  } catch (error) {
    if (start === undefined || !(error instanceof LabError) || error.code !== 'unknown-name') throw error;
    return { now: undefined, start };
  }
}

export type SavedConfiguration =
  | {
      readonly outcome: 'saved';
      readonly blob: string;
      /** What took the change, as `pe1: nftables.conf`; nothing where no network runs. */
      readonly applied: readonly string[];
      /** Why the service did not take it. The file is saved all the same: a trainee may mend it in two steps. */
      readonly complaint?: string;
      /** What it says of the file though it took it. */
      readonly warning?: string;
    }
  | { readonly outcome: 'conflict'; readonly conflict: ConflictError };

/** Writes a file and makes it take effect where the network runs. An edit of somebody else is an outcome, not an error. */
export async function saveConfiguration(
  appliance: Appliance,
  name: string,
  { path, content, expected }: { path: string; content: string; expected?: string | undefined },
): Promise<SavedConfiguration> {
  const network = await appliance.runtime.attach(name);
  await network?.collectEdits();
  const workspace = await openWorkspace(workspaceFolder(appliance, name));
  let blob: string;
  try {
    ({ blob } = await workspace.writeFile(path, content, expected));
  } catch (error) {
    if (error instanceof ConflictError) return { outcome: 'conflict', conflict: error };
    throw error;
  }
  if (network === undefined) return { outcome: 'saved', blob, applied: [] };
  const changes = [{ path, status: 'modified' as const }];
  try {
    const nodes = await applyChanges(network, changes, undefined, { restart: false });
    const services = touchedServices(changes);
    const applied = nodes.map((it) => `${it}: ${services.get(it)?.join(', ')}`);
    // What is old and taken elsewhere on the node is not about this edit.
    const said = (await diagnose(network, { nodes })).filter((it) => it.severity !== 'warning' || it.file === path);
    if (said.length === 0) return { outcome: 'saved', blob, applied };
    const words = said.map(formatDaemonDiagnostic).join('\n');
    const taken = refusalsIn(said).length === 0;
    return { outcome: 'saved', blob, applied, ...(taken ? { warning: words } : { complaint: words }) };
  } catch (cause) {
    const error = await explain(cause, network, { nodes: [...touchedServices(changes).keys()] });
    if (!(error instanceof LabError)) throw error;
    return { outcome: 'saved', blob, applied: [], complaint: error.message };
  }
}

/** What was changed, as a patch: since the lab began, or against the solution. */
export async function diffConfiguration(
  appliance: Appliance,
  name: string,
  against: 'start' | 'solution',
): Promise<string> {
  const workspace = await openHome(appliance, name);
  const start = await requireStart(workspace, name);
  return workspace.diff(start[against], await workspace.current());
}

/** The workspace, with what was edited inside the nodes. */
async function openHome(appliance: Appliance, name: string): Promise<Workspace> {
  await (await appliance.runtime.attach(name))?.collectEdits();
  return openWorkspace(workspaceFolder(appliance, name));
}
