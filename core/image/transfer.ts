import { mustRun, runCommand } from '../exec/command.ts';
import { userNamespaceArguments } from '../exec/user-namespace.ts';
import { LabError } from '../model/errors.ts';
import type { Recipe } from './recipe.ts';
import {
  findImage,
  type ImageStore,
  layerFolder,
  packagesFolder,
  partialOf,
  prepareStore,
  removeFolder,
  removeStalePartials,
  requireImage,
} from './store.ts';

/** Names the recipe inside the tar, so that an import can tell an image of another version. */
const label = '.breakwater-image';

/** Writes the image as one root file system tar, as `docker import` takes it. The layers are merged by overlayfs, in a mount namespace of its own. */
export async function exportImage(
  store: ImageStore,
  recipe: Recipe,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const { layers } = requireImage(store, recipe);
  const script = `set -e
root=$(mktemp -d)
mount -t tmpfs tmpfs "$root"; mkdir "$root/upper" "$root/work" "$root/merged"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$root/upper,workdir=$root/work,userxattr" "$root/merged"
printf '%s\\n' "$2" >"$root/merged/${label}"
tar -C "$root/merged" --one-file-system -cf - ./${label} --exclude=./${label} --exclude='./dev/*' .`;
  await mustRun(
    [
      'sh',
      '-c',
      'file=$1; shift; "$@" >"$file.partial" && mv "$file.partial" "$file" || { rm -f "$file.partial"; exit 1; }',
      'sh',
      file,
      'unshare',
      ...userNamespaceArguments(),
      '--mount',
      '--',
      'sh',
      '-c',
      script,
      'sh',
      layers.join(':'),
      recipe.id,
    ],
    { signal, group: true },
  );
}

/** Takes an image from such a tar: as one layer of packages and files, and an empty one above it. */
export async function importImage(
  store: ImageStore,
  recipe: Recipe,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  if (findImage(store, recipe) !== undefined) return;
  const { exitCode, stdout } = await runCommand(['tar', '--occurrence=1', '-xOf', file, `./${label}`], { signal });
  const id = stdout.trim();
  if (exitCode !== 0 || id === '')
    throw new LabError('usage', `${file} is no image that breakwater wrote`, {
      hint: 'write one where the image was built: breakwater image export FILE',
    });
  if (id !== recipe.id)
    throw new LabError('image-missing', `${file} holds the image ${id}, this version needs ${recipe.id}`, {
      hint: 'export it again with this version: breakwater image export FILE',
    });
  await prepareStore(store);
  await removeStalePartials(store);
  // The packages' place may hold the packages alone, from a build: then they stay, and all of the tar lies above.
  const [whole, empty] = [layerFolder(store, recipe), packagesFolder(store, recipe)];
  const partial = partialOf(whole);
  const script =
    'mkdir "$1" && tar -C "$1" --exclude="./dev/*" -xf - && chmod 0755 "$1" && { [ -d "$3" ] || mkdir "$3"; } && mv -T "$1" "$2"';
  await mustRun(
    [
      'sh',
      '-c',
      'tar=$1; shift; exec "$@" <"$tar"',
      'sh',
      file,
      'unshare',
      ...userNamespaceArguments(),
      '--',
      'sh',
      '-c',
      script,
      'sh',
      partial,
      whole,
      empty,
    ],
    { signal, group: true },
  ).catch(async (error: unknown) => {
    await removeFolder(partial);
    throw error;
  });
}
