import type { Control } from '../../model/control.ts';
import type { Finding, Run } from '../../model/run.ts';
import { type Verdict, worstVerdict } from '../../model/verdict.ts';
import { type Markup, markup } from '../markup.ts';
import { anchor, renderVerdict } from './finding.ts';

/** The controls that the run exercised, by the section of the document that asks for them. */
export function renderSections(run: Run, controls: readonly Control[]): Markup {
  const rows = sectionsOf(run, controls);
  const judged = new Set(rows.map((it) => it.control.id)).size;
  const rest = controls.length - judged;
  return markup`<section id="sections"><h2>By section of the documents</h2>
<p class="quiet">${judged === 1 ? 'One control was' : `${judged} controls were`} exercised.${rest > 0 && ` ${rest} more of the catalogue ${rest === 1 ? 'was' : 'were'} not, and nothing is said about ${rest === 1 ? 'it' : 'them'}.`}</p>
<table class="sections"><thead><tr><th scope="col">Section</th><th scope="col">Control</th><th scope="col">Level</th><th scope="col">Verdict</th></tr></thead><tbody>
${rows.map(
  ({
    section,
    control,
    verdict,
    first,
  }) => markup`<tr><td>${section}</td><td><a href="#${anchor(first, 'now')}">${control.title}</a><span class="modern">${control.modern}</span></td><td>${control.level}</td><td>${renderVerdict(verdict)}</td></tr>
`,
)}</tbody></table></section>
`;
}

export interface SectionRow {
  readonly section: string;
  readonly control: Control;
  readonly verdict: Verdict;
  /** Where the reader finds why: the first finding that has the verdict. */
  readonly first: Finding;
}

/** A control stands under each section that asks for it: RFCs before drafts, and `§10` after `§9`. */
export function sectionsOf(run: Run, controls: readonly Control[]): readonly SectionRow[] {
  const findings = run.labs.flatMap((it) => [...it.findings, ...it.afterRestart]);
  const rows = controls.flatMap((control) => {
    const own = findings.filter((it) => it.control === control.id);
    const verdict = worstVerdict(own.map((it) => it.verdict));
    const first = own.find((it) => it.verdict === verdict);
    return first === undefined ? [] : control.sections.map((section) => ({ section, control, verdict, first }));
  });
  return rows.toSorted(
    (a, b) =>
      Number(isRfc(b.section)) - Number(isRfc(a.section)) ||
      order.compare(a.section, b.section) ||
      order.compare(a.control.id, b.control.id),
  );
}

function isRfc(section: string): boolean {
  return section.startsWith('RFC');
}

const order = new Intl.Collator('en', { numeric: true });
