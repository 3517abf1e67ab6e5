import type { Catalogue } from '../../../electron/contract/catalogue.ts';
import { formatRoute } from '../../state/parse-route.ts';
import { useSnapshot } from '../../state/snapshot.ts';
import { areaOf, areaTitle, type Filter, matchesLab } from './filter.ts';
import { ProgressMark } from './progress-mark.tsx';

/** The labs by area; each leads to its screen. */
export function LabList({ catalogue, filter }: { readonly catalogue: Catalogue; readonly filter: Filter }) {
  const running = useSnapshot(({ now }) => now?.network?.lab);
  const labs = catalogue.labs.filter((it) => matchesLab(it, catalogue, filter));
  const areas = [...new Set(labs.map((it) => areaOf(it.id)))];
  if (labs.length === 0) return <p className="quiet nothing">No lab is like that.</p>;
  return areas.map((area) => (
    <section key={area} className="lab-area" aria-labelledby={`area-${area}`}>
      <h2 id={`area-${area}`}>{areaTitle(area)}</h2>
      <ul>
        {labs
          .filter((it) => areaOf(it.id) === area)
          .map((lab) => (
            <li key={lab.id}>
              <a href={formatRoute({ screen: 'lab', lab: lab.id })}>
                <ProgressMark progress={lab.progress} />
                <h3>{lab.title}</h3>
                <p>{lab.summary}</p>
                <p className="facts">
                  <span className="mono">{lab.id}</span>
                  <span>about {lab.minutes} min</span>
                  {lab.id === running && <span className="runs">runs now</span>}
                </p>
              </a>
            </li>
          ))}
      </ul>
    </section>
  ));
}
