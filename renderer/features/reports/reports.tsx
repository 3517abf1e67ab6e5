import './reports.css';

import { duration, moment } from '#core/model/wording.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import { useAnswer } from '../../state/answer.ts';
import { formatRoute } from '../../state/parse-route.ts';
import { Notice } from '../../ui/notice.tsx';
import { VerdictMark } from '../findings/verdict.tsx';
import { Panel } from '../faults/panel.tsx';
import { Comparison } from './comparison.tsx';
import { Report } from './report.tsx';

interface ReportsProps {
  readonly run: string | undefined;
  /** An earlier run to compare with. */
  readonly against: string | undefined;
}

/** The history of runs, and the report of one of them or the comparison of two. */
export function Reports({ run, against }: ReportsProps) {
  const { value: runs, error } = useAnswer('run.list', {});
  if (error !== undefined)
    return (
      <div className="no-reports">
        <Notice tone="broken" title="The runs cannot be read">
          <p>{error.message}</p>
        </Notice>
      </div>
    );
  if (runs === undefined) return null;
  const shown = run ?? runs[0]?.id;
  if (shown === undefined)
    return (
      <div className="no-reports">
        <h1>Reports</h1>
        <p className="quiet">Each check of a lab leaves one here, with its evidence. There is none yet.</p>
        <p>
          <a href={formatRoute({ screen: 'catalogue', view: 'labs' })}>Choose a lab</a>
        </p>
      </div>
    );
  return (
    <div className="reports">
      <nav className="history" aria-label="Runs">
        <h2>Runs</h2>
        <ol>
          {runs.map((it) => (
            <li key={it.id}>
              <RunLink run={it} current={it.id === shown} />
            </li>
          ))}
        </ol>
      </nav>
      <Panel key={`${shown} ${against}`} name="Report">
        {against === undefined ? (
          <Report id={shown} runs={runs} />
        ) : (
          <Comparison id={shown} against={against} runs={runs} />
        )}
      </Panel>
    </div>
  );
}

function RunLink({ run, current }: { readonly run: RunSummary; readonly current: boolean }) {
  const held = run.labs.reduce((sum, it) => sum + it.held, 0);
  const checks = run.labs.reduce((sum, it) => sum + it.checks, 0);
  const title = run.labs.length === 1 ? run.labs[0]?.title : `${run.labs.length} labs`;
  return (
    <a
      href={formatRoute({ screen: 'reports', run: run.id, against: undefined })}
      aria-current={current ? 'page' : undefined}
    >
      <VerdictMark verdict={run.verdict} bare />
      <span className="what">{title}</span>
      <span className="quiet small tabular">
        {moment(run.startedAt)} · {held}/{checks} · {duration(run.durationMs)}
        {run.subject !== 'workspace' && <> · {run.subject}</>}
      </span>
    </a>
  );
}
