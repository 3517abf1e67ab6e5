import { join } from 'node:path';

import { mustRun } from '../exec/command.ts';
import { followCommand } from '../exec/follow.ts';
import { quote } from '../exec/quote.ts';
import { mustRunInUserNamespace, userNamespaceArguments } from '../exec/user-namespace.ts';
import { type PackagePart, type Recipe, splitPackages } from './recipe.ts';
import {
  findImage,
  type Image,
  type ImageStore,
  layerFolder,
  makeScratch,
  packagesFolder,
  partialOf,
  prepareStore,
  removeFolder,
  removeStalePartials,
  requireImage,
} from './store.ts';

export interface BuildOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Builds what is missing of the image: the packages (a minute or two, from a Debian mirror), then our files on top (seconds). */
export async function buildImage(store: ImageStore, recipe: Recipe, options: BuildOptions = {}): Promise<Image> {
  const present = findImage(store, recipe);
  if (present !== undefined) return present;
  await prepareStore(store);
  await removeStalePartials(store);
  await buildPackages(store, recipe, options);
  await buildLayer(store, recipe, options);
  return requireImage(store, recipe);
}

/**
 * mmdebstrap in its unshare mode makes a tar; unpacked in our user namespace its owners become our
 * sub-ids. Device nodes stay out: nobody without root can make them, and the runtime mounts its own /dev.
 */
async function buildPackages(store: ImageStore, recipe: Recipe, options: BuildOptions): Promise<void> {
  const target = packagesFolder(store, recipe);
  if (await exists(target)) return;
  const scratch = await makeScratch();
  const tar = join(scratch, 'packages.tar');
  try {
    const { whole, parts } = splitPackages(recipe.packages);
    const excluded = ['doc', 'man', 'locale', 'info'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`);
    await followCommand(
      [
        'mmdebstrap',
        '--mode=unshare',
        '--variant=minbase',
        ...excluded,
        `--include=${whole.join(',')}`,
        ...parts.map((part) => `--customize-hook=${takePart(part)}`),
        recipe.suite,
        tar,
      ],
      {
        signal: options.signal,
        env: { TMPDIR: scratch },
        onLine: (line) => {
          const step = /^I: (.+)$/.exec(line)?.[1];
          if (step !== undefined) options.onProgress?.(`packages: ${step}`);
        },
      },
    );
    options.onProgress?.('packages: unpacking');
    await unpack(tar, target, options.signal);
  } finally {
    await removeFolder(scratch);
  }
}

/** A shell command that mmdebstrap runs with the root file system as `$1`, while apt still knows its mirror. */
function takePart({ name, path }: PackagePart): string {
  const take = [
    'cd /tmp',
    `apt-get --quiet download ${quote(name)}`,
    `dpkg-deb --fsys-tarfile ${quote(name)}_*.deb | tar -x -C / ${quote(`.${path}`)}`,
    `rm ${quote(name)}_*.deb`,
  ].join(' && ');
  return `chroot "$1" sh -c ${quote(take)}`;
}

/** Unpacks a root file system tar into `target`, which appears complete or not at all. The tar comes by stdin: our sub-ids may not be allowed to open it. */
export async function unpack(tar: string, target: string, signal?: AbortSignal): Promise<void> {
  const partial = partialOf(target);
  const script = 'mkdir "$1" && tar -C "$1" --exclude="./dev/*" -xf - && chmod 0755 "$1" && mv -T "$1" "$2"';
  await mustRun(
    [
      'sh',
      '-c',
      'tar=$1; shift; exec "$@" <"$tar"',
      'sh',
      tar,
      'unshare',
      ...userNamespaceArguments(),
      '--',
      'sh',
      '-c',
      script,
      'sh',
      partial,
      target,
    ],
    { signal, group: true },
  ).catch((error: unknown) => abandon(partial, error));
}

/**
 * Runs `setup.sh` in the packages with an overlay above, so that all it changes lands in the layer.
 * `files/` goes in by a tar on stdin, because root of the namespace may not be able to read the checkout.
 */
async function buildLayer(store: ImageStore, recipe: Recipe, options: BuildOptions): Promise<void> {
  options.onProgress?.('image: adding our files');
  const target = layerFolder(store, recipe);
  const partial = partialOf(target);
  const script = `set -e
lower=$1 partial=$2 target=$3
mkdir "$partial" "$partial/layer" "$partial/work" "$partial/root"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$partial/layer,workdir=$partial/work,userxattr" "$partial/root"
tar -C "$partial/root" --no-same-owner -xf -
mount --rbind /dev "$partial/root/dev"
chroot "$partial/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh /setup.sh
umount -l "$partial/root/dev"
rm "$partial/root/setup.sh"
umount "$partial/root"
rmdir "$partial/root"; rm -rf "$partial/work"
chmod 0755 "$partial/layer"
mv -T "$partial/layer" "$target"
rmdir "$partial"`;
  const pipeline =
    'folder=$1; shift; tar -C "$folder" --owner=0 --group=0 -cf - --transform="s,^files,.," files setup.sh | exec "$@"';
  await mustRun(
    [
      'bash',
      '-o',
      'pipefail',
      '-c',
      pipeline,
      'bash',
      recipe.folder,
      'unshare',
      ...userNamespaceArguments(),
      '--mount',
      '--',
      'sh',
      '-c',
      script,
      'sh',
      packagesFolder(store, recipe),
      partial,
      target,
    ],
    { signal: options.signal, group: true },
  ).catch((error: unknown) => abandon(partial, error));
}

async function abandon(partial: string, error: unknown): Promise<never> {
  await removeFolder(partial);
  throw error;
}

async function exists(path: string): Promise<boolean> {
  const result = await mustRunInUserNamespace(['sh', '-c', '[ -d "$1" ] && echo yes || echo no', 'sh', path]);
  return result.stdout.trim() === 'yes';
}
