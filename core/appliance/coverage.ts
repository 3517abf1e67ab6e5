import type { Control } from '../model/control.ts';

export interface SectionCoverage {
  readonly section: string;
  readonly controls: readonly string[];
  /** Those with a lab. */
  readonly covered: readonly string[];
}

/** Controls by document and section, in the order of the documents. A control that both ask for counts in each. */
export function coverageBySection(controls: readonly Control[]): {
  sections: SectionCoverage[];
  total: { controls: number; covered: number };
} {
  const sections = new Map<string, Control[]>();
  for (const control of controls)
    for (const section of control.sections) sections.set(section, [...(sections.get(section) ?? []), control]);
  return {
    sections: [...sections]
      .toSorted(([a], [b]) => compareSections(a, b))
      .map(([section, rows]) => ({
        section,
        controls: rows.map((it) => it.id),
        covered: rows.filter((it) => it.lab !== undefined).map((it) => it.id),
      })),
    total: { controls: controls.length, covered: controls.filter((it) => it.lab !== undefined).length },
  };
}

/** `RFC3013 §4.2` before `RFC3013 §4.10`, and the RFC before the draft. */
function compareSections(a: string, b: string): number {
  const [documentA = '', numberA = ''] = a.split(' §');
  const [documentB = '', numberB = ''] = b.split(' §');
  const rank = (document: string): number => (document.startsWith('RFC') ? 0 : 1);
  return (
    rank(documentA) - rank(documentB) ||
    documentA.localeCompare(documentB) ||
    numberA.localeCompare(numberB, 'en', { numeric: true })
  );
}
