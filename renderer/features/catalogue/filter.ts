import type { Control } from '#core/model/control.ts';
import type { Catalogue, LabSummary } from '../../../electron/contract/catalogue.ts';

/** What the reader wants to see. Empty text and `all` leave nothing out. */
export interface Filter {
  readonly text: string;
  readonly area: string;
  readonly level: 'all' | Level;
  readonly state: 'all' | 'lab' | 'passed' | 'open' | 'none';
}

export const everything: Filter = { text: '', area: 'all', level: 'all', state: 'all' };

export type Level = 'must' | 'should' | 'may' | 'advice';

/** The strength of a requirement, of the words of `labs/controls.yml`: those may quote both documents. */
export function levelOf({ level }: Control): Level {
  if (level.startsWith('advice')) return 'advice';
  if (/\bmust\b/i.test(level)) return 'must';
  return /\bshould\b/i.test(level) ? 'should' : 'may';
}

export function areaOf(id: string): string {
  return id.split('/')[0] ?? '';
}

const names: Readonly<Record<string, string>> = { dns: 'DNS', mgmt: 'Management', web: 'Web hosting' };

export function areaTitle(area: string): string {
  return names[area] ?? `${area.charAt(0).toUpperCase()}${area.slice(1)}`;
}

/** In the order in which they first appear. */
export function areasOf(catalogue: Catalogue): readonly string[] {
  return [...new Set([...catalogue.labs, ...catalogue.controls].map((it) => areaOf(it.id)))];
}

export function matchesLab(lab: LabSummary, catalogue: Catalogue, filter: Filter): boolean {
  const controls = catalogue.controls.filter((it) => lab.controls.includes(it.id));
  return (
    has([lab.id, lab.title, lab.summary, ...controls.map((it) => it.title)], filter.text) &&
    (filter.area === 'all' || areaOf(lab.id) === filter.area) &&
    (filter.level === 'all' || controls.some((it) => levelOf(it) === filter.level)) &&
    (filter.state === 'all' || filter.state === 'lab' || matchesState(lab, filter.state))
  );
}

export function matchesControl(control: Control, lab: LabSummary | undefined, filter: Filter): boolean {
  const { id, title, modern = '', reason = '', sections } = control;
  return (
    has([id, title, modern, reason, ...sections, lab?.title ?? ''], filter.text) &&
    (filter.area === 'all' || areaOf(id) === filter.area) &&
    (filter.level === 'all' || levelOf(control) === filter.level) &&
    (filter.state === 'all' || matchesState(lab, filter.state))
  );
}

function matchesState(lab: LabSummary | undefined, state: Filter['state']): boolean {
  if (lab === undefined) return state === 'none';
  return (
    state === 'lab' || (state === 'passed' ? lab.progress === 'passed' : state === 'open' && lab.progress !== 'passed')
  );
}

/** Every word somewhere. */
function has(texts: readonly string[], wanted: string): boolean {
  const all = texts.join('\n').toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
