import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { mustRun } from '../exec/command.ts';
import { currentUser, mustRunInUserNamespace, subIdRange } from '../exec/user-namespace.ts';
import { LabError } from '../model/errors.ts';
import type { Recipe } from './recipe.ts';

/**
 * Where images lie: `<cache>/images/<id>/` holds the layer made from the recipe's files, and
 * `<cache>/packages/<id>/` the Debian packages below it. All of it belongs to our sub-ids.
 */
export interface ImageStore {
  readonly folder: string;
}

/** An image ready to run: folders for overlayfs, uppermost first (overlayfs, `lowerdir=`). */
export interface Image {
  readonly id: string;
  readonly layers: readonly string[];
}

const mark = 'breakwater-partial-';

export function packagesFolder(store: ImageStore, recipe: Recipe): string {
  return join(store.folder, 'packages', recipe.packagesId);
}

export function layerFolder(store: ImageStore, recipe: Recipe): string {
  return join(store.folder, 'images', recipe.id);
}

/** The image of this recipe, if it was built or imported. Complete by construction: folders appear by rename. */
export function findImage(store: ImageStore, recipe: Recipe): Image | undefined {
  const layers = [layerFolder(store, recipe), packagesFolder(store, recipe)];
  return layers.every((layer) => existsSync(layer)) ? { id: recipe.id, layers } : undefined;
}

export function requireImage(store: ImageStore, recipe: Recipe): Image {
  const image = findImage(store, recipe);
  if (image === undefined)
    throw new LabError('image-missing', `the node image ${recipe.id} is not there`, { hint: 'breakwater image build' });
  return image;
}

/** Makes the cache folders, owned so that root of our user namespace may write in them. */
export async function prepareStore(store: ImageStore): Promise<void> {
  for (const folder of [join(store.folder, 'images'), join(store.folder, 'packages')]) {
    await mkdir(folder, { recursive: true });
    const user = currentUser();
    if (user.uid === 0)
      await mustRun([
        'chown',
        `${subIdRange('/etc/subuid', user).first}:${subIdRange('/etc/subgid', user).first}`,
        folder,
      ]);
  }
}

/** A fresh folder beside `target`; `finishPartial` renames it into place. What a killed build left is removed by the next. */
export function partialOf(target: string): string {
  return join(target, '..', `${mark}${process.pid}-${randomBytes(4).toString('hex')}`);
}

/** A fresh folder that every user can write in, for programs that need a place of their own: mmdebstrap leaves things behind when it is interrupted. */
export async function makeScratch(): Promise<string> {
  const folder = partialOf(join(tmpdir(), 'breakwater'));
  await mkdir(folder);
  await chmod(folder, 0o1777);
  return folder;
}

/** Removes the partial folders of builds whose process is gone, and nothing else. */
export async function removeStalePartials(store: ImageStore): Promise<void> {
  for (const parent of [join(store.folder, 'images'), join(store.folder, 'packages'), tmpdir()]) {
    const names = existsSync(parent) ? await readdir(parent) : [];
    for (const name of names) {
      const pid = new RegExp(`^${mark}(\\d+)-[0-9a-f]{8}$`).exec(name)?.[1];
      if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeFolder(join(parent, name));
    }
  }
}

/** Also what belongs to our sub-ids: root may remove that, anybody else only as root of the namespace. */
export async function removeFolder(folder: string): Promise<void> {
  // What a killed build had started may write for a moment longer.
  if (currentUser().uid === 0) await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  else await mustRunInUserNamespace(['rm', '-rf', '--', folder]);
}
