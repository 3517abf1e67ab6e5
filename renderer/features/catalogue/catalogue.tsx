import './catalogue.css';

import { useEffect, useState } from 'react';

import { useAnswer } from '../../state/answer.ts';
import { goTo } from '../../state/route.ts';
import { useSnapshot } from '../../state/snapshot.ts';
import { SearchField, Segments, Select } from '../../ui/choice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Ring } from '../../ui/ring.tsx';
import { ControlList } from './control-list.tsx';
import { areasOf, areaTitle, everything, type Filter } from './filter.ts';
import { LabList } from './lab-list.tsx';

/** All labs, and all controls of both documents with the lab of each or the reason why there is none. */
export function Catalogue({ view }: { readonly view: 'labs' | 'controls' }) {
  const { value: catalogue, error, reload } = useAnswer('catalogue.read', {});
  const [filter, setFilter] = useState(everything);
  const change = (changes: Partial<Filter>): void => setFilter((it) => ({ ...it, ...changes }));
  const tasks = useSnapshot(({ now }) => now?.tasks.length);
  // A check that ended may have changed the progress.
  useEffect(reload, [reload, tasks]);

  if (error !== undefined)
    return (
      <div className="catalogue">
        <Notice tone="broken" title="The catalogue cannot be read">
          <p>{error.message}</p>
        </Notice>
      </div>
    );
  if (catalogue === undefined) return null;
  const passed = catalogue.labs.filter((it) => it.progress === 'passed').length;
  const { controls, covered } = catalogue.total;
  return (
    <div className="catalogue">
      <header>
        <div>
          <h1>Labs and controls</h1>
          <p className="quiet">
            What RFC 3013 and its draft of 1998 ask of a provider, as the field reads them today: attacked, mended and
            proved on a whole small network.
          </p>
        </div>
        <div className="tallies">
          <Tally part={passed} whole={catalogue.labs.length} title="labs passed" />
          <Tally part={covered} whole={controls} title="controls have a lab" />
        </div>
      </header>
      <div className="filters" role="search">
        <Segments
          label="Show"
          value={view}
          onChange={(it) => goTo({ screen: 'catalogue', view: it })}
          options={[
            { value: 'labs', label: 'Labs' },
            { value: 'controls', label: 'Controls by section' },
          ]}
        />
        <SearchField label="Search" value={filter.text} onChange={(text) => change({ text })} />
        <Select
          label="Area"
          value={filter.area}
          onChange={(area) => change({ area })}
          options={[
            { value: 'all', label: 'all' },
            ...areasOf(catalogue).map((area) => ({ value: area, label: areaTitle(area) })),
          ]}
        />
        <Select
          label="Level"
          value={filter.level}
          onChange={(level) => change({ level })}
          options={[
            { value: 'all', label: 'all' },
            { value: 'must', label: 'MUST' },
            { value: 'should', label: 'SHOULD' },
            { value: 'may', label: 'MAY' },
            { value: 'advice', label: 'advice' },
          ]}
        />
        <Select
          label="State"
          value={filter.state}
          onChange={(state) => change({ state })}
          options={[
            { value: 'all', label: 'all' },
            { value: 'open', label: 'not passed yet' },
            { value: 'passed', label: 'passed' },
            { value: 'lab', label: 'with a lab' },
            { value: 'none', label: 'without a lab' },
          ]}
        />
      </div>
      {catalogue.broken.map(({ id, problems }) => (
        <Notice key={id} tone="broken" title={`${id} cannot be used`}>
          <pre>{problems.join('\n')}</pre>
        </Notice>
      ))}
      {view === 'labs' ? (
        <LabList catalogue={catalogue} filter={filter} />
      ) : (
        <ControlList catalogue={catalogue} filter={filter} />
      )}
    </div>
  );
}

function Tally({ part, whole, title }: { readonly part: number; readonly whole: number; readonly title: string }) {
  return (
    <div>
      <Ring part={part} whole={whole} label={title} size={44} />
      <p>
        {part} <span className="quiet">of {whole}</span>
      </p>
      <p>{title}</p>
    </div>
  );
}
