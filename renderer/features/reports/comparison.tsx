import { moment } from '#core/model/wording.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import { useAnswer } from '../../state/answer.ts';
import { formatRoute } from '../../state/parse-route.ts';
import { goTo } from '../../state/route.ts';
import { Select } from '../../ui/choice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { VerdictMark } from '../findings/verdict.tsx';
import { compareRuns } from './compare-runs.ts';

interface ComparisonProps {
  readonly id: string;
  readonly against: string;
  readonly runs: readonly RunSummary[];
}

/** Two runs check by check: what got better, what got worse. */
export function Comparison({ id, against, runs }: ComparisonProps) {
  const first = useAnswer('run.read', { run: against });
  const second = useAnswer('run.read', { run: id });
  const error = first.error ?? second.error;
  if (error !== undefined)
    return (
      <article className="report">
        <Notice tone="broken" title="One of the runs cannot be read">
          <p>{error.message}</p>
        </Notice>
      </article>
    );
  if (first.value === undefined || second.value === undefined) return <article className="report" />;
  const rows = compareRuns(first.value, second.value);
  const better = rows.filter((it) => it.change === 'better').length;
  const worse = rows.filter((it) => it.change === 'worse').length;
  const options = runs.map((it) => ({ value: it.id, label: `${moment(it.startedAt)} (${it.verdict})` }));
  return (
    <article className="report comparison">
      <div className="report-actions">
        <Select
          label="From"
          value={against}
          options={options}
          onChange={(it) => goTo({ screen: 'reports', run: id, against: it })}
        />
        <Select
          label="to"
          value={id}
          options={options}
          onChange={(it) => goTo({ screen: 'reports', run: it, against })}
        />
        <span className="spread" />
        <a href={formatRoute({ screen: 'reports', run: id, against: undefined })}>Back to the report</a>
      </div>
      <h1>{summary(better, worse)}</h1>
      <table>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">{moment(first.value.startedAt)}</th>
            <th scope="col">{moment(second.value.startedAt)}</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ lab, check, title, before, after, change }) => (
            <tr key={`${lab} ${check}`} className={change}>
              <td>
                {title}
                <span className="mono quiet">{lab}</span>
              </td>
              <td>
                {before === undefined ? <span className="quiet">not there</span> : <VerdictMark verdict={before} />}
              </td>
              <td>
                {after === undefined ? <span className="quiet">not there</span> : <VerdictMark verdict={after} />}
              </td>
              <td className="change">{change === 'same' ? '' : change}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

function summary(better: number, worse: number): string {
  if (better + worse === 0) return 'Nothing changed';
  return [better > 0 && `${better} better`, worse > 0 && `${worse} worse`].filter(Boolean).join(', ');
}
