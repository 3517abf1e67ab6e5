import './outcome.css';

import { History, RotateCcw } from 'lucide-react';

import type { LabResult } from '#core/model/run.ts';
import { countVerdicts, finalFindings, lostExplained, moment } from '#core/model/wording.ts';
import type { LabView } from '../../../electron/contract/lab.ts';
import { formatRoute } from '../../state/parse-route.ts';
import type { LabRun } from '../../state/run.ts';
import { useSnapshot } from '../../state/snapshot.ts';
import { useIsCurrent, useSince } from '../../state/verdicts.ts';
import { Inline } from '../../ui/prose.tsx';
import { Swell } from '../../ui/swell.tsx';
import { Diagnostics } from '../findings/diagnostics.tsx';
import { VerdictMark } from '../findings/verdict.tsx';

/** How the lab stands as a whole, read out when it changes. */
export function Outcome({ view, run }: { readonly view: LabView; readonly run: LabRun | undefined }) {
  const isCurrent = useIsCurrent(run?.run);
  return (
    <div className="outcome-panel" role="status">
      {run !== undefined && (run.going || isCurrent) && <Diagnostics diagnostics={run.diagnostics} />}
      {run?.result !== undefined && !run.going && !isCurrent ? (
        <Outdated view={view} run={run.run} result={run.result} />
      ) : (
        renderOutcome(view, run)
      )}
      <NextStep view={view} run={run} />
    </div>
  );
}

function renderOutcome(view: LabView, run: LabRun | undefined) {
  if (run === undefined)
    return (
      <>
        <p className="headline">Not checked yet</p>
        <p className="quiet">
          {view.checks.length} checks attack the network and use it as its customers do. Nothing passes without
          evidence.
        </p>
      </>
    );
  const done = run.checks.filter((it) => it.state === 'judged').length;
  if (run.going)
    return (
      <>
        <p className="headline going">
          <Swell />
          {run.phase === 'restarted' ? 'Once more, after a restart from the files' : 'Checking'}
        </p>
        <p className="quiet tabular">
          {done} of {run.checks.length} judged
        </p>
      </>
    );
  const { result } = run;
  if (result === undefined)
    return (
      <>
        <p className="headline">The check was stopped</p>
        <p className="quiet">Not every check was judged, so nothing is said about the lab.</p>
      </>
    );
  const counts = countVerdicts(finalFindings([result]));
  if (result.persistence === 'lost')
    return (
      <div className="lost">
        <p className="headline">
          <RotateCcw size={20} aria-hidden /> Passes now, lost at reboot
        </p>
        <p>
          <Inline text={lostExplained} />
        </p>
      </div>
    );
  if (result.verdict === 'pass' && result.persistence === 'kept')
    return (
      <div className="won">
        <Calm />
        <p className="headline">The lab passes</p>
        <p>Every attack is stopped, every use goes on, and it holds after a restart from the files.</p>
      </div>
    );
  return (
    <>
      <p className="headline">
        <VerdictMark verdict={result.verdict} bare /> {counts}
      </p>
      {result.verdict === 'pass' && <p className="quiet">These checks hold now. Check the whole lab to see it pass.</p>}
    </>
  );
}

interface OutdatedProps {
  readonly view: LabView;
  readonly run: string;
  readonly result: LabResult;
}

/** A verdict about what is no more: it says what was so and why that may be over, and claims nothing of now. */
function Outdated({ view, run, result }: OutdatedProps) {
  const network = useSnapshot(({ now }) => now?.network);
  const since = useSince();
  const why =
    network === undefined || network === null
      ? 'The network does not run.'
      : network.lab !== view.id
        ? 'The network is at another lab.'
        : since.length === 0
          ? 'What was done since then is not known.'
          : `Since then ${new Intl.ListFormat('en-GB').format(since)}.`;
  return (
    <div className="outdated">
      <p className="headline">
        <History size={20} aria-hidden /> Outdated: check again
      </p>
      <p>
        At the last check, <span className="tabular">{moment(startOf(run))}</span>: {standingThen(result)}.
      </p>
      <p className="quiet">{why}</p>
    </div>
  );
}

function standingThen(result: LabResult): string {
  if (result.persistence === 'lost') return 'all passed, and it was lost at reboot';
  if (result.verdict === 'pass' && result.persistence === 'kept') return 'the lab passed';
  return countVerdicts(finalFindings([result]));
}

/** The id of a run begins with the time of its start: `20261121T213000Z-3f9a`. */
function startOf(run: string): string {
  return run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6Z');
}

function NextStep({ view, run }: { readonly view: LabView; readonly run: LabRun | undefined }) {
  const here = useSnapshot(({ now }) => now?.network?.lab === view.id);
  if (run?.going === true) return null;
  if (run === undefined) return here ? null : <p className="quiet">Bring the lab up first.</p>;
  return (
    <p>
      <a href={formatRoute({ screen: 'reports', run: run.run, against: undefined })}>Report of this run</a>
    </p>
  );
}

/** The water behind the wall comes to rest. */
function Calm() {
  return (
    <svg className="calm" viewBox="0 0 240 40" aria-hidden="true">
      <path
        className="sea"
        d="M-30 20c5-9 10-9 15 0s10 9 15 0 10-9 15 0 10 9 15 0 10-9 15 0 10 9 15 0 10-9 15 0 10 9 15 0 10-9 15 0"
      />
      <path className="wall" d="M120 5v30" />
      <path className="still" d="M134 25c4-2 8-2 12 0s8 2 12 0 8-2 12 0 8 2 12 0 8-2 12 0 8 2 12 0 8-2 12 0" />
    </svg>
  );
}
