import './checks-pane.css';

import type { CheckKind } from '#core/model/lab.ts';
import type { LabView } from '../../../electron/contract/lab.ts';
import { type CheckView, kindTitles, type LabRun } from '../../state/run.ts';
import { CheckRow } from './check-row.tsx';
import { Outcome } from './outcome.tsx';

interface ChecksPaneProps {
  readonly view: LabView;
  readonly run: LabRun | undefined;
  readonly open: string | undefined;
  readonly onOpen: (check: string | undefined) => void;
}

const idle: Omit<CheckView, 'id'> = { run: undefined, state: 'idle', finding: undefined, again: undefined };

/** Verdicts as they come in; each opens to what was tried and seen. */
export function ChecksPane({ view, run, open, onOpen }: ChecksPaneProps) {
  const group = (kind: CheckKind) => {
    const checks = view.checks.filter((it) => it.kind === kind);
    if (checks.length === 0) return null;
    return (
      <section aria-labelledby={`checks-${kind}`}>
        <h2 id={`checks-${kind}`} className={kind}>
          {kindTitles[kind]}
        </h2>
        <ul>
          {checks.map((check) => (
            <CheckRow
              key={check.id}
              lab={view.id}
              check={check}
              view={run?.checks.find((it) => it.id === check.id) ?? { ...idle, id: check.id }}
              restarted={run?.phase === 'restarted'}
              open={open === check.id}
              onOpen={(it) => onOpen(it ? check.id : undefined)}
            />
          ))}
        </ul>
      </section>
    );
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it
    <div className="checks-pane" tabIndex={0} role="region" aria-label="Verdicts">
      <Outcome view={view} run={run} />
      {group('abuse')}
      {group('inspection')}
      {group('service')}
    </div>
  );
}
