import type { Control, Statement } from '../model/control.ts';

export interface SectionCoverage {
  readonly section: string;
  readonly controls: readonly string[];
  /** Those with a lab. */
  readonly covered: readonly string[];
  readonly statements: readonly string[];
  /** Those whose control has a lab. */
  readonly exercised: readonly string[];
}

/** Controls by document and section, in the order of the documents. A control that both ask for counts in each. */
export function coverageBySection(
  controls: readonly Control[],
  statements: readonly Statement[],
): {
  sections: SectionCoverage[];
  total: { controls: number; covered: number; statements: number; exercised: number };
} {
  const withLab = new Set(controls.filter((it) => it.lab !== undefined).map((it) => it.id));
  const sections = new Map<string, Control[]>();
  for (const control of controls)
    for (const section of control.sections) sections.set(section, [...(sections.get(section) ?? []), control]);
  return {
    sections: [...sections]
      .toSorted(([a], [b]) => compareSections(a, b))
      .map(([section, rows]) => {
        const said = statements.filter((it) => it.section === section);
        return {
          section,
          controls: rows.map((it) => it.id),
          covered: rows.map((it) => it.id).filter((id) => withLab.has(id)),
          statements: said.map((it) => it.id),
          exercised: said.filter((it) => withLab.has(it.control)).map((it) => it.id),
        };
      }),
    total: {
      controls: controls.length,
      covered: withLab.size,
      statements: statements.length,
      exercised: statements.filter((it) => withLab.has(it.control)).length,
    },
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
