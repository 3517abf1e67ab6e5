import './brief-pane.css';

import { Lightbulb } from 'lucide-react';
import { useState } from 'react';

import type { LabView } from '../../../electron/contract/lab.ts';
import { complain } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { Button } from '../../ui/button.tsx';
import { Inline, Prose } from '../../ui/prose.tsx';
import { Tabs } from '../../ui/tabs.tsx';

interface BriefPaneProps {
  readonly view: LabView;
  /** A hint was asked for: the lab has to be read again. */
  readonly onHint: () => void;
}

/** What goes wrong, what is asked, and help one step at a time. */
export function BriefPane({ view, onHint }: BriefPaneProps) {
  const [tab, setTab] = useState<'brief' | 'hints'>('brief');
  const { seen, total } = view.hints;
  return (
    <Tabs
      label="Brief and hints"
      value={tab}
      onChange={setTab}
      tabs={[
        { id: 'brief', label: 'Brief', reads: true, content: <Brief view={view} /> },
        {
          id: 'hints',
          label: (
            <>
              Hints{' '}
              <span className="tabular quiet">
                {seen.length}/{total}
              </span>
            </>
          ),
          reads: true,
          content: <HintList view={view} onHint={onHint} />,
        },
      ]}
    />
  );
}

const openLink = (url: string): void => {
  host().call('app.openLink', { url }).catch(complain);
};

function Brief({ view }: { readonly view: LabView }) {
  return (
    <article className="brief">
      <section className="goals" aria-labelledby="goals-title">
        <h2 id="goals-title">What must be true at the end</h2>
        <ul>
          {view.goals.map((goal) => (
            <li key={goal}>
              <Inline text={goal} />
            </li>
          ))}
        </ul>
      </section>
      <Prose markdown={view.brief} onLink={openLink} />
      <section className="sources" aria-labelledby="sources-title">
        <h3 id="sources-title">Where it is asked for</h3>
        <ul>
          {view.controls.map((control) => (
            <li key={control.id}>
              <strong>{control.title}</strong>
              <span>{control.sections.join(', ')}</span>
              <span className="quiet">{control.level}</span>
              {control.modern !== undefined && <span className="quiet">Today: {control.modern}</span>}
            </li>
          ))}
        </ul>
      </section>
    </article>
  );
}

function HintList({ view, onHint }: BriefPaneProps) {
  const { seen, total } = view.hints;
  const last = seen.length === total - 1;
  return (
    <div className="hints">
      {seen.length === 0 && (
        <p className="quiet">
          {total} steps of help, from a direction to the solution. They open one at a time; take your time in between.
        </p>
      )}
      <ol>
        {seen.map((hint, index) => (
          <li key={hint}>
            <h2>
              Hint {index + 1} <span className="quiet">of {total}</span>
            </h2>
            <Prose markdown={hint} onLink={openLink} />
          </li>
        ))}
      </ol>
      {seen.length < total && (
        <Button
          icon={<Lightbulb size={16} aria-hidden />}
          onClick={() => host().call('lab.hint', { lab: view.id }).then(onHint, complain)}
        >
          {last ? 'Show the solution' : seen.length === 0 ? 'Show the first hint' : 'Show the next hint'}
        </Button>
      )}
    </div>
  );
}
