import { mustRun } from '#core/exec/command.ts';
import { productFolder } from '#core/exec/paths.ts';

/** What these tests start is the program as it is shipped, of the source as it stands. */
export async function setup(): Promise<void> {
  await mustRun([process.execPath, 'scripts/build.mjs'], { cwd: productFolder() });
}
