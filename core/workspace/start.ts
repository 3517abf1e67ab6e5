import { LabError } from '../model/errors.ts';
import { noLab } from './snapshot.ts';
import { readStore, type Store, type TreeId } from './store.ts';

/** What the trainee began from. */
export interface Start {
  /** The lab that is switched on; none while the network stands on its baseline. */
  readonly lab?: string;
  /** The configuration that satisfies every control. */
  readonly baseline: TreeId;
  /** The baseline with the lab's scene in it; the baseline itself where there is none. */
  readonly solution: TreeId;
  /** The solution with the lab's break in it. */
  readonly start: TreeId;
}

/**
 * Bash: sets $begun to one commit upon another, so that `git log refs/breakwater/start` shows the
 * baseline, the scene, and the lab that breaks it. Arguments: lab, baseline, solution, start.
 */
export const commitStart = `
commit_start() {
  local parent
  parent=$(git commit-tree "$2" -m ${noLab})
  parent=$(git commit-tree "$3" -m scene -p "$parent")
  begun=$(printf '%s\\n\\nBaseline: %s\\nSolution: %s\\n' "$1" "$2" "$3" | git commit-tree "$4" -p "$parent")
}
`;

export async function readStart(store: Store): Promise<Start | undefined> {
  // One atom for both: git mixes up the keys of several.
  const format = '%(tree)%00%(contents:subject)%00%(trailers:only)';
  const { stdout } = await readStore(store, ['for-each-ref', `--format=${format}`, 'refs/breakwater/start']);
  if (stdout === '') return undefined;
  const [start, lab, trailers = ''] = stdout.trimEnd().split('\0');
  const tree = (key: string): string | undefined => new RegExp(`^${key}: ([0-9a-f]{40})$`, 'm').exec(trailers)?.[1];
  const baseline = tree('Baseline');
  if (!start || !baseline || !lab)
    throw new LabError('workspace', `${store.folder}: refs/breakwater/start is not what we wrote there`);
  // What was begun before labs had scenes has none.
  return { ...(lab === noLab ? {} : { lab }), baseline, solution: tree('Solution') ?? baseline, start };
}
