/** What turns a statement into its opposite. */
const negation =
  /\b(?:not|no|never|nobody|none|neither|nor|nothing|cannot|without|hardly|fails? to|refuses? to)\b|n't\b/i;

export function sentencesOf(text: string): string[] {
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  return [...segmenter.segment(text.replaceAll(/\s+/g, ' '))].map(({ segment }) => segment);
}

/** Parts of sentences, each of which says one thing. */
function clausesOf(text: string): string[] {
  return sentencesOf(text).flatMap((segment) =>
    segment.split(/[,;:()–—]|\s-\s|\b(?:but|and|unless|until|if|when|while|because|so that)\b/i),
  );
}

/** Some clause of a text says something, and does not say the opposite. */
export function isSaid(text: string, pattern: string): boolean {
  return clausesOf(text).some((it) => new RegExp(pattern, 'i').test(it) && !negation.test(it));
}

/** The clause that denies what the pattern means; undefined when none does. */
export function denialOf(text: string, pattern: string): string | undefined {
  return clausesOf(text).find((it) => new RegExp(pattern, 'i').test(it) && negation.test(it));
}
