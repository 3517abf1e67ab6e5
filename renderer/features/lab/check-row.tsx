import { Play } from 'lucide-react';
import { useId } from 'react';

import { duration } from '#core/model/wording.ts';
import { worstVerdict } from '#core/model/verdict.ts';
import type { LabView } from '../../../electron/contract/lab.ts';
import { host } from '../../state/host.ts';
import type { CheckView } from '../../state/run.ts';
import { useSnapshot } from '../../state/snapshot.ts';
import { useIsCurrent } from '../../state/verdicts.ts';
import { IconButton } from '../../ui/button.tsx';
import { Inline } from '../../ui/prose.tsx';
import { Panel } from '../faults/panel.tsx';
import { FindingBody } from '../findings/finding-body.tsx';
import { VerdictMark } from '../findings/verdict.tsx';
import { withEdits } from './with-edits.ts';

interface CheckRowProps {
  readonly lab: string;
  readonly check: LabView['checks'][number];
  readonly view: CheckView;
  /** The run is at, or ended with, its second look. */
  readonly restarted: boolean;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

export function CheckRow({ lab, check, view, restarted, open, onOpen }: CheckRowProps) {
  const body = useId();
  const free = useSnapshot(({ now }) => now?.network?.lab === lab && now.tasks.length === 0);
  const { finding, again, state, run } = view;
  const isCurrent = useIsCurrent(run);
  const verdict =
    finding === undefined
      ? undefined
      : worstVerdict([finding.verdict, ...(again === undefined ? [] : [again.verdict])]);
  // The worse of the two looks is the one to explain.
  const shown = again !== undefined && again.verdict !== 'pass' && finding?.verdict === 'pass' ? again : finding;
  const judged = verdict !== undefined && (state === 'judged' || state === 'idle' || restarted);
  const outdated = judged && !isCurrent;
  return (
    <li className={`check-row ${judged ? verdict : ''} ${outdated ? 'outdated' : ''} ${open ? 'open' : ''}`}>
      <div className="check-line">
        <h3>
          <button
            type="button"
            className="check-toggle"
            aria-expanded={open}
            aria-controls={body}
            onClick={() => onOpen(!open)}
          >
            {outdated && <span className="unseen">outdated: </span>}
            <span className="mark">{renderMark(state, judged ? verdict : undefined)}</span>
            <span className="title">{check.title}</span>
            {judged && shown !== undefined && (
              <span className="why">
                {outdated && 'At the last check: '}
                {shown === again && 'After the restart: '}
                <Inline text={shown.reason} />
                {open && shown.durationMs > 0 && <span className="quiet"> · {duration(shown.durationMs)}</span>}
              </span>
            )}
          </button>
        </h3>
        <IconButton
          label={`Check only this: ${check.title}`}
          className="again"
          disabled={!free}
          onClick={() => withEdits(() => host().call('run.check', { lab, checks: [check.id] }))}
        >
          <Play size={14} aria-hidden />
        </IconButton>
      </div>
      <div id={body} className="check-body" hidden={!open}>
        {open && shown !== undefined && run !== undefined && (
          <Panel key={run} name={`What was seen: ${check.title}`}>
            <FindingBody finding={shown} run={run} />
          </Panel>
        )}
        {open && shown === undefined && (
          <p className="quiet small">
            Not looked at yet. Probe <code>{check.probe}</code>, layer {check.layer}.
          </p>
        )}
      </div>
    </li>
  );
}

function renderMark(state: CheckView['state'], verdict: CheckRowVerdict) {
  if (state === 'running')
    return (
      <span className="running">
        <span className="unseen">is being checked</span>
      </span>
    );
  if (verdict !== undefined) return <VerdictMark verdict={verdict} bare />;
  return (
    <span className="waiting">
      <span className="unseen">not judged</span>
    </span>
  );
}

type CheckRowVerdict = Parameters<typeof VerdictMark>[0]['verdict'] | undefined;
