import './lab-screen.css';

import { useEffect, useState } from 'react';

import { useAnswer } from '../../state/answer.ts';
import { complain } from '../../state/complaints.ts';
import { rememberPanes, usePreferences } from '../../state/preferences.ts';
import { recallRun, useRuns } from '../../state/run.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panes } from '../../ui/panes.tsx';
import { Panel } from '../faults/panel.tsx';
import { Topology } from '../topology/topology.tsx';
import { BriefPane } from './brief-pane.tsx';
import { ChecksPane } from './checks-pane.tsx';
import { LabHead } from './lab-head.tsx';
import { WorkPane } from './work-pane.tsx';

/** An exercise: what is asked on the left, the network and the work on it in the middle, the verdicts on the right. */
export function LabScreen({ lab }: { readonly lab: string }) {
  const { value: view, error, reload } = useAnswer('lab.read', { lab });
  const run = useRuns(({ labs }) => labs[lab]);
  const panes = usePreferences(({ now }) => now?.panes);
  const [openCheck, setOpenCheck] = useState<string>();
  // A check that was not in the latest run was seen in another one.
  const shown = run?.checks.find((it) => it.id === openCheck)?.run ?? run?.run;
  useEffect(() => {
    recallRun(lab).catch(complain);
  }, [lab]);

  if (error !== undefined)
    return (
      <div className="lab-missing">
        <Notice tone="broken" title="This lab cannot be shown">
          <p>{error.message}</p>
          {error.hint !== undefined && <p className="quiet">{error.hint}</p>}
        </Notice>
      </div>
    );
  if (view === undefined) return null;
  return (
    <div className="lab-screen">
      <Panel name="The head of the lab">
        <LabHead view={view} />
      </Panel>
      <Panes
        direction="horizontal"
        remembered={panes?.['lab']}
        onResized={(sizes) => rememberPanes('lab', sizes)}
        panes={[
          {
            id: 'brief',
            label: 'Brief and hints',
            size: 26,
            minPixels: 220,
            content: (
              <Panel name="Brief and hints">
                <BriefPane view={view} onHint={reload} />
              </Panel>
            ),
          },
          {
            id: 'middle',
            label: 'Network and work',
            size: 43,
            minPixels: 320,
            content: (
              <Panes
                direction="vertical"
                remembered={panes?.['lab-middle']}
                onResized={(sizes) => rememberPanes('lab-middle', sizes)}
                panes={[
                  {
                    id: 'topology',
                    label: 'Network',
                    size: 52,
                    minPixels: 120,
                    content: (
                      <Panel name="Network">
                        <Topology lab={lab} run={run?.going === false ? shown : undefined} check={openCheck} />
                      </Panel>
                    ),
                  },
                  { id: 'work', label: 'Work', size: 48, minPixels: 100, content: <WorkPane /> },
                ]}
              />
            ),
          },
          {
            id: 'checks',
            label: 'Checks',
            size: 31,
            minPixels: 260,
            content: (
              <Panel name="Checks">
                <ChecksPane view={view} run={run} open={openCheck} onOpen={setOpenCheck} />
              </Panel>
            ),
          },
        ]}
      />
    </div>
  );
}
