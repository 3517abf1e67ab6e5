import './finding-body.css';

import type { Attempt } from '#core/model/observation.ts';
import type { Finding } from '#core/model/run.ts';
import { familyName, outcomeOf } from '#core/model/wording.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { OutcomeMark } from './verdict.tsx';

interface FindingBodyProps {
  readonly finding: Finding;
  /** Whose folder holds the evidence. */
  readonly run: string;
}

/** Everything behind a verdict: what was tried and seen, what was kept, how to do it by hand. */
export function FindingBody({ finding, run }: FindingBodyProps) {
  const { attempts, evidence, kind, probe, layer, control } = finding;
  const commands = [...new Set(attempts.map((it) => it.repeat).filter((it) => it !== ''))];
  return (
    <div className="finding-body">
      {attempts.length > 0 && (
        <section>
          <h4>Tried and seen</h4>
          <Attempts attempts={worstFirst(attempts, kind)} kind={kind} />
        </section>
      )}
      {evidence.length > 0 && (
        <section>
          <h4>Evidence</h4>
          <EvidenceList run={run} evidence={evidence} />
        </section>
      )}
      {commands.length > 0 && (
        <section>
          <h4>By hand</h4>
          <Commands commands={commands} />
        </section>
      )}
      <p className="origin">
        Control <code>{control}</code>, probe <code>{probe}</code>, layer {layer}
      </p>
    </div>
  );
}

/** What is not as it should be comes first, and the canaries last. */
function worstFirst(attempts: readonly Attempt[], kind: Finding['kind']): readonly Attempt[] {
  const rank = (it: Attempt): number =>
    ({ bad: 0, unseen: 1, good: 2 })[outcomeOf(kind, it).tone] * 2 + Number(it.role === 'canary');
  return attempts.toSorted((a, b) => rank(a) - rank(b));
}

const atOnce = 5;

function Attempts({ attempts, kind }: { readonly attempts: readonly Attempt[]; readonly kind: Finding['kind'] }) {
  const rest = attempts.slice(atOnce);
  return (
    <>
      <ul className="attempts">{attempts.slice(0, atOnce).map((it) => renderAttempt(it, kind))}</ul>
      {rest.length > 0 && (
        <details className="more">
          <summary>{rest.length} more</summary>
          <ul className="attempts">{rest.map((it) => renderAttempt(it, kind))}</ul>
        </details>
      )}
    </>
  );
}

function renderAttempt(attempt: Attempt, kind: Finding['kind']) {
  const outcome = outcomeOf(kind, attempt);
  const legitimate = kind === 'service' || attempt.role === 'canary';
  return (
    <li key={`${attempt.from} ${attempt.to} ${attempt.family} ${attempt.label}`}>
      <span className={`outcome ${outcome.tone} ${legitimate ? 'legitimate' : ''}`}>
        <OutcomeMark outcome={outcome} />
      </span>
      <span className="way">
        {attempt.from} <span aria-label="to">→</span> {attempt.to} <span className="quiet">{familyName(attempt)}</span>
      </span>
      <span className="label">
        {attempt.label}
        {attempt.role === 'canary' && <span className="quiet">, must get through</span>}
      </span>
      <span className="saw">{attempt.seen}</span>
    </li>
  );
}

function Commands({ commands }: { readonly commands: readonly string[] }) {
  const [first = '', ...rest] = commands;
  return (
    <>
      <Command text={first} />
      {rest.length > 0 && (
        <details className="more">
          <summary>{rest.length} more</summary>
          {rest.map((it) => (
            <Command key={it} text={it} />
          ))}
        </details>
      )}
    </>
  );
}

function Command({ text }: { readonly text: string }) {
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} label="Copy the command" />
    </div>
  );
}
