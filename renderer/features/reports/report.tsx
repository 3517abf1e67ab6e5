import { Printer } from 'lucide-react';

import type { Finding, LabResult, Phase } from '#core/model/run.ts';
import {
  countVerdicts,
  duration,
  finalFindings,
  headline,
  lostExplained,
  moment,
  standing,
} from '#core/model/wording.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import { useAnswer } from '../../state/answer.ts';
import { complain, tellSaved } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { formatRoute } from '../../state/parse-route.ts';
import { goTo } from '../../state/route.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/choice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Inline } from '../../ui/prose.tsx';
import { Panel } from '../faults/panel.tsx';
import { Diagnostics } from '../findings/diagnostics.tsx';
import { FindingBody } from '../findings/finding-body.tsx';
import { VerdictMark } from '../findings/verdict.tsx';

interface ReportProps {
  readonly id: string;
  readonly runs: readonly RunSummary[];
}

/** One run, to be read, printed and sent. */
export function Report({ id, runs }: ReportProps) {
  const { value: run, error } = useAnswer('run.read', { run: id });
  if (error !== undefined)
    return (
      <article className="report">
        <Notice tone="broken" title="This run cannot be read">
          <p>{error.message}</p>
        </Notice>
      </article>
    );
  if (run === undefined) return <article className="report" />;
  const facts = {
    Configuration: run.subject,
    Topology: run.topology,
    Begun: moment(run.startedAt),
    Took: duration(run.durationMs),
    ...(run.seed === undefined ? {} : { Seed: String(run.seed) }),
  };
  return (
    <article className="report">
      <ReportActions id={id} runs={runs} />
      <h1>{headline(run)}</h1>
      <p className="counts">
        <VerdictMark verdict={run.verdict} /> <span className="quiet">{countVerdicts(finalFindings(run.labs))}</span>
      </p>
      <dl className="facts">
        {Object.entries(facts).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="tabular">{value}</dd>
          </div>
        ))}
      </dl>
      <Diagnostics diagnostics={run.diagnostics} />
      {run.labs.map((lab) => (
        <ReportedLab key={lab.lab} lab={lab} run={id} />
      ))}
      <footer className="quiet small">
        {run.tool}, run <span className="mono">{run.id}</span>
      </footer>
    </article>
  );
}

function ReportActions({ id, runs }: ReportProps) {
  const save = (format: 'html' | 'pdf' | 'json' | 'junit') => () =>
    host().call('report.save', { run: id, format }).then(tellSaved, complain);
  const own = runs.find((it) => it.id === id);
  const labs = new Set(own?.labs.map((it) => it.lab));
  const others = runs.filter((it) => it.id !== id && it.labs.some((lab) => labs.has(lab.lab)));
  return (
    <div className="report-actions">
      {others.length > 0 && (
        <Select
          label="Compare with"
          value=""
          onChange={(against) => goTo({ screen: 'reports', run: id, against })}
          options={[
            { value: '', label: 'another run …' },
            ...others.map((it) => ({ value: it.id, label: `${moment(it.startedAt)} (${it.verdict})` })),
          ]}
        />
      )}
      <span className="spread" />
      <Button icon={<Printer size={16} aria-hidden />} onClick={() => window.print()}>
        Print
      </Button>
      <Button onClick={save('pdf')}>PDF</Button>
      <Button onClick={save('html')}>HTML</Button>
      <Button onClick={save('json')}>JSON</Button>
      <Button onClick={save('junit')}>JUnit</Button>
    </div>
  );
}

function ReportedLab({ lab, run }: { readonly lab: LabResult; readonly run: string }) {
  // What was kept says the same twice.
  const again = lab.persistence === 'kept' ? [] : lab.afterRestart;
  return (
    <section className="reported-lab" aria-labelledby={`lab-${lab.lab}`}>
      <p className="mono quiet">
        <a href={formatRoute({ screen: 'lab', lab: lab.lab })}>{lab.lab}</a>
      </p>
      <h2 id={`lab-${lab.lab}`}>{lab.title}</h2>
      <p className="standing">
        <VerdictMark verdict={lab.verdict} /> <span className="quiet">{standing(lab)}</span>
      </p>
      {lab.persistence === 'lost' && (
        <Notice tone="unsure" title="Lost at restart">
          <p>
            <Inline text={lostExplained} />
          </p>
        </Notice>
      )}
      {again.map((it) => (
        <ReportedFinding key={`${it.check} again`} finding={it} phase="restarted" run={run} />
      ))}
      {lab.findings.map((it) => (
        <ReportedFinding key={it.check} finding={it} phase="now" run={run} />
      ))}
    </section>
  );
}

interface ReportedFindingProps {
  readonly finding: Finding;
  readonly phase: Phase;
  readonly run: string;
}

function ReportedFinding({ finding, phase, run }: ReportedFindingProps) {
  const { verdict, title, kind, reason, durationMs } = finding;
  return (
    <details className={`reported ${verdict}`} open={verdict !== 'pass'}>
      <summary>
        <VerdictMark verdict={verdict} />
        <h3>
          {title}
          {phase === 'restarted' && ' (after the restart)'}
        </h3>
        <span className="quiet small">
          {kind}
          {durationMs > 0 && ` · ${duration(durationMs)}`}
        </span>
        <span className="why">
          <Inline text={reason} />
        </span>
      </summary>
      <Panel name={`What was seen: ${title}`}>
        <FindingBody finding={finding} run={run} />
      </Panel>
    </details>
  );
}
