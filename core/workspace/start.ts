import { LabError } from '../model/errors.ts';
import { noLab } from './snapshot.ts';
import { readStore, type Store, type TreeId } from './store.ts';

/** What the trainee began from. */
export interface Start {
  /** The lab that is switched on; none while the network stands on its baseline. */
  readonly lab?: string;
  /** The configuration that satisfies every control. */
  readonly baseline: TreeId;
  /** The baseline with the lab's break in it. */
  readonly start: TreeId;
}

/**
 * Bash: sets $begun to one commit upon another, so that `git log refs/breakwater/start` shows the
 * baseline, and the lab that breaks it. Arguments: lab, baseline, start.
 */
export const commitStart = `
commit_start() {
  local parent
  parent=$(git commit-tree "$2" -m ${noLab})
  begun=$(printf '%s\\n\\nBaseline: %s\\n' "$1" "$2" | git commit-tree "$3" -p "$parent")
}
`;

export async function readStart(store: Store): Promise<Start | undefined> {
  const format = '%(tree)%00%(trailers:key=Baseline,valueonly,separator=%2C)%00%(contents:subject)';
  const { stdout } = await readStore(store, ['for-each-ref', `--format=${format}`, 'refs/breakwater/start']);
  if (stdout === '') return undefined;
  const [start, baseline, lab] = stdout.trimEnd().split('\0');
  if (!start || !baseline || !lab)
    throw new LabError('workspace', `${store.folder}: refs/breakwater/start is not what we wrote there`);
  return { ...(lab === noLab ? {} : { lab }), baseline, start };
}
