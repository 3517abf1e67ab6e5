import type { Lab } from '../model/lab.ts';
import type { TreeId } from '../workspace/store.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Appliance } from './appliance.ts';

/** The trees of a lab. Without one, and in a lab without a scene, some of them are equal. */
export interface Trees {
  /** The hardened network, as it is for every lab. */
  readonly baseline: TreeId;
  /** The baseline with the lab's scene in it: the mistake is not made. */
  readonly solution: TreeId;
  /** The solution with the lab's break in it: what the trainee begins from. */
  readonly start: TreeId;
}

export async function treesOf(appliance: Appliance, workspace: Workspace, lab: Lab | undefined): Promise<Trees> {
  const baseline = await workspace.importTree(await appliance.baseline());
  const solution = await solutionOf(workspace, baseline, lab);
  return { baseline, solution, start: lab === undefined ? baseline : await workspace.applyPatch(solution, lab.break) };
}

/** The baseline with the lab's scene in it. */
export async function solutionOf(workspace: Workspace, baseline: TreeId, lab: Lab | undefined): Promise<TreeId> {
  return lab?.scene === undefined ? baseline : workspace.applyPatch(baseline, lab.scene);
}
