import type { Control } from '#core/model/control.ts';
import type { Catalogue, LabSummary } from '../../../electron/contract/catalogue.ts';
import { formatRoute } from '../../state/parse-route.ts';
import { Ring } from '../../ui/ring.tsx';
import { type Filter, levelOf, matchesControl } from './filter.ts';
import { ProgressMark } from './progress-mark.tsx';
import { sectionTitles } from './section-titles.ts';

interface ControlListProps {
  readonly catalogue: Catalogue;
  readonly filter: Filter;
}

/** Every control under each section that asks for it, in the order of the documents. */
export function ControlList({ catalogue, filter }: ControlListProps) {
  const controls = new Map(catalogue.controls.map((it) => [it.id, it]));
  const labs = new Map(catalogue.labs.map((it) => [it.id, it]));
  const labOf = (control: Control): LabSummary | undefined =>
    control.lab === undefined ? undefined : labs.get(control.lab);
  const sections = catalogue.sections.flatMap(({ section, controls: ids, covered }) => {
    const rows = ids
      .flatMap((id) => controls.get(id) ?? [])
      .filter((control) => matchesControl(control, labOf(control), filter));
    return rows.length === 0 ? [] : [{ section, rows, of: ids.length, covered: covered.length }];
  });
  if (sections.length === 0) return <p className="quiet nothing">No control is like that.</p>;
  return sections.map(({ section, rows, of, covered }) => (
    <section key={section} className="control-section" aria-label={`${section} ${sectionTitles[section] ?? ''}`}>
      <h2>
        <span className="number">{section.replace('RFC3013', 'RFC 3013').replace('draft', 'Draft')}</span>
        <span>{sectionTitles[section]}</span>
        <Ring part={covered} whole={of} label="Controls with a lab" size={18} />
      </h2>
      <ul>
        {rows.map((control) => (
          <ControlRow key={control.id} control={control} lab={labOf(control)} />
        ))}
      </ul>
    </section>
  ));
}

const classes: Readonly<Record<Control['class'], string>> = {
  A: 'real traffic',
  B: 'a running system is inspected',
  C: 'a document that is checked',
  D: 'outside a lab',
};

function ControlRow({ control, lab }: { readonly control: Control; readonly lab: LabSummary | undefined }) {
  const { title, level, modern, reason } = control;
  return (
    <li>
      <span className={`level ${levelOf(control)}`} title={level}>
        {levelOf(control) === 'advice' ? 'advice' : levelOf(control).toUpperCase()}
      </span>
      <div>
        <h3>{title}</h3>
        {modern !== undefined && <p className="quiet">{modern}</p>}
      </div>
      {lab === undefined ? (
        <p className="reason quiet">
          {reason === 'planned' || reason === undefined ? 'No lab yet' : `No lab: ${reason}`}
          <span> · {classes[control.class]}</span>
        </p>
      ) : (
        <p className="lab-link">
          <ProgressMark progress={lab.progress} />
          <a href={formatRoute({ screen: 'lab', lab: lab.id })}>{lab.title}</a>
        </p>
      )}
    </li>
  );
}
