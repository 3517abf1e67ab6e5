import leven from 'leven';

/**
 * The candidate that `name` was probably meant to be: about a third of its letters may differ, three
 * at the utmost. Two are allowed in short names, since two letters that changed places count twice.
 */
export function nearSpelling(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > 64) return undefined;
  const limit = name.length < 4 ? 1 : Math.min(3, Math.max(2, Math.floor(name.length / 3)));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of Array.from(candidates).slice(0, 500)) {
    const distance = leven(name.toLowerCase(), candidate.toLowerCase());
    // A name of which nothing is left was not meant.
    if (
      distance <= limit &&
      distance < Math.max(name.length, candidate.length) &&
      (best === undefined || distance < best.distance)
    )
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** The hint that goes with an unknown name, or undefined when nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearSpelling(name, candidates);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}
