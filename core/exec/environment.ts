/**
 * The environment of the commands that we start: ours, and the folders of administration at the end of
 * the search path. An ordinary user's path goes without them on Debian, and so does a desktop's, while
 * ip, nft and chroot are there.
 */
export function environment(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const path = `${process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}:/usr/local/sbin:/usr/sbin:/sbin`;
  return { ...process.env, PATH: path, ...more };
}
