import { useSnapshot } from './snapshot.ts';

/** Whether the verdict of a run is about the network as it is now. Main knows what was judged, and what was done since. */
export function useIsCurrent(run: string | undefined): boolean {
  return useSnapshot(({ now }) => run !== undefined && now?.verdicts.runs.includes(run) === true);
}

/** What was done to the network since the last verdict, as phrases; empty while it is current or when nobody knows. */
export function useSince(): readonly string[] {
  return useSnapshot(({ now }) => now?.verdicts.since ?? nothing);
}

const nothing: readonly string[] = [];
