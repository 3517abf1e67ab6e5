import type { Node } from '../../runtime/runtime.ts';

/**
 * Has named do something about zones, in each view that holds them: a zone of several views is ambiguous to
 * rndc(8) without the name of one.
 * @returns what rndc complained of, by zone
 */
export async function tellNamed(
  node: Node,
  command: 'notify' | 'retransfer',
  zones: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { stdout: listing } = await node.exec(['named-checkconf', '-l'], { signal });
  const complaints = new Map<string, string>();
  for (const zone of zones) {
    const views = viewsOf(listing, zone);
    for (const view of views.length === 0 ? [undefined] : views) {
      const argv = ['rndc', command, zone, ...(view === undefined ? [] : ['IN', view])];
      const { exitCode, stdout, stderr } = await node.exec(argv, { signal });
      if (exitCode !== 0) complaints.set(zone, `${argv.join(' ')}: ${(stderr + stdout).trim().split('\n').at(-1)}`);
    }
  }
  return complaints;
}

/** The views that hold a zone, by `named-checkconf -l`: a line each of zone, class, view and type. One that is shared is only where it came from. */
export function viewsOf(listing: string, zone: string): string[] {
  return listing.split('\n').flatMap((line) => {
    const [name = '', , view, type] = line.trim().split(/\s+/);
    return name.toLowerCase() === zone.toLowerCase() && view !== undefined && type !== 'in-view' && type !== undefined
      ? [view]
      : [];
  });
}
