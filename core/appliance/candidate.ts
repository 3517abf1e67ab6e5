import type { Overlay } from '../model/config-file.ts';
import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import { DiagnosticsError } from '../model/errors.ts';
import type { Lab } from '../model/lab.ts';
import { sceneConflicts } from '../workspace/scene-conflicts.ts';
import type { TreeId } from '../workspace/store.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Appliance } from './appliance.ts';
import { solutionOf } from './trees.ts';

/** What a candidate's files make of the network of one lab. */
export interface Candidate {
  /** The baseline, the lab's scene, and the candidate's files, laid out in that order. */
  readonly tree: TreeId;
  /** What should be known about the files, and keeps nobody from judging them. */
  readonly warnings: readonly DaemonDiagnostic[];
}

/**
 * Lays a candidate's files over the scene of each lab, in the store; without a lab over the baseline.
 * @throws DiagnosticsError where they take away what a scene brings, and the lab has nothing that shows what the checks say then
 */
export async function candidatesFor(
  appliance: Appliance,
  workspace: Workspace,
  labs: readonly (Lab | undefined)[],
  { files, absent }: Overlay,
): Promise<(lab: Lab | undefined) => Candidate> {
  const baseline = await workspace.importTree(await appliance.baseline());
  const gone = absent.map((it) => it.path);
  const unknown = new Set(gone);
  const candidates = new Map<string | undefined, Candidate>();
  const refused = [];
  for (const lab of labs) {
    const solution = await solutionOf(workspace, baseline, lab);
    const scene = await Promise.all(
      (lab?.scene?.paths ?? []).map(async (path) => ({
        path,
        before: await workspace.readFileOf(baseline, path),
        after: await workspace.readFileOf(solution, path),
      })),
    );
    const conflicts = lab === undefined ? [] : sceneConflicts(lab, scene, { files, absent });
    refused.push(...conflicts.filter((it) => !it.foreseen).map((it) => it.diagnostic));
    const nothing = files.length === 0 && absent.length === 0;
    const tree = nothing ? solution : await workspace.importTree(files, { below: solution, absent: gone });
    if (absent.length > 0)
      for (const path of await workspace.files(solution))
        for (const it of gone) if (path === it || path.startsWith(`${it}/`)) unknown.delete(it);
    candidates.set(lab?.id, { tree, warnings: conflicts.filter((it) => it.foreseen).map((it) => it.warning) });
  }
  if (refused.length > 0) throw new DiagnosticsError(refused);
  const idle = absent
    .filter((it) => unknown.has(it.path))
    .map(({ path, line }): DaemonDiagnostic => {
      return {
        node: path.split('/')[0],
        severity: 'warning',
        file: 'absent.txt',
        line,
        message: `there is no ${path} to take away`,
      };
    });
  return (lab) => {
    const { tree, warnings } = candidates.get(lab?.id) as Candidate;
    return { tree, warnings: [...warnings, ...idle] };
  };
}
