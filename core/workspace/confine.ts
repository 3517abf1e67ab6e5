import { existsSync } from 'node:fs';

/**
 * Puts a command where nothing but the store can be read or written: a root file system of its own that has the
 * programs of this computer, read-only, and the store's folder under its own path. A node can swap a folder of its
 * configuration for a link at any moment, also between our look at a path and its use: what that link names is looked
 * for in here, where nobody's files are (path_resolution(7)). To be run as root of a fresh user namespace: to
 * it the kernel shows no root folder of a process outside of it (ptrace(2), /proc/PID/root).
 */
export function confined(folder: string, argv: readonly string[]): readonly string[] {
  const script = `cd "$1"
mount -t tmpfs -o mode=0755,size=64k,nr_inodes=256 store "$1" &&
  printf %s "$2" >"$1/fstab" && mount --no-mtab --no-canonicalize --all --fstab "$1/fstab" || exit
shift 2
exec "$@"`;
  const entered = ['chroot', folder, 'env', `--chdir=${folder}`, ...argv];
  return ['unshare', '--mount', '--', 'sh', '-c', script, 'sh', folder, mountsOf(folder), ...entered];
}

/**
 * All mounts below the first by one process, since this runs several times in each command (fstab(5)). The store's
 * folder serves as mount point, and is reached as `.`, where we stood before it was covered.
 */
function mountsOf(folder: string): string {
  const root = escaped(folder);
  const programs = ['/bin', '/lib', '/lib64', '/sbin', '/usr'].filter((it) => existsSync(it));
  return [
    ...programs.map((it) => `${it} ${root}${it} none rbind,ro,x-mount.mkdir`),
    ...['/dev', '/proc'].map((it) => `${it} ${root}${it} none rbind,x-mount.mkdir`),
    `. ${root}${root} none bind,x-mount.mkdir`,
    '',
  ].join('\n');
}

/** A path in fstab(5), which parts its fields by blanks. */
function escaped(path: string): string {
  return path.replaceAll(/[\s\\#]/g, (it) => `\\${it.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
