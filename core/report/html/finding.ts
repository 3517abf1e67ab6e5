import type { Attempt, Evidence } from '../../model/observation.ts';
import type { Finding, Phase } from '../../model/run.ts';
import type { Verdict } from '../../model/verdict.ts';
import { type Markup, markup } from '../markup.ts';
import { duration, familyName, glyphs, outcomeOf } from '../../model/wording.ts';

/** One check: its sentence and its reason in the open, what was tried and seen behind it, open unless it passed. */
export function renderFinding(finding: Finding, phase: Phase): Markup {
  const { verdict, title, reason, kind, probe, durationMs, attempts, evidence } = finding;
  const side = [kind, durationMs > 0 && duration(durationMs)].filter(Boolean).join(' · ');
  const commands = [...new Set(attempts.map((it) => it.repeat).filter((it) => it !== ''))];
  return markup`<details class="check ${verdict}" id="${anchor(finding, phase)}"${verdict !== 'pass' && ' open'}>
<summary>${renderVerdict(verdict)}<h3>${title}${phase === 'restarted' && ' (after the restart)'}</h3><span class="side">${side}</span><span class="why">${prose(reason)}</span></summary>
<div class="inside">
${attempts.length > 0 && renderAttempts(finding)}
${commands.length > 0 && markup`<details class="block"${verdict !== 'pass' && ' open'}><summary>Repeat by hand</summary><pre>${commands.map((it) => markup`<span class="command">${it}</span>\n`)}</pre></details>`}
${evidence.map((it) => renderEvidence(it, verdict !== 'pass'))}
<div class="block"><p>Check <code>${finding.check}</code>, probe <code>${probe}</code>, layer ${finding.layer}, control <code>${finding.control}</code></p></div>
</div>
</details>
`;
}

export function renderVerdict(verdict: Verdict): Markup {
  return markup`<span class="verdict ${verdict}" data-glyph="${glyphs[verdict]}">${verdict}</span>`;
}

/** Our own sentences set names and commands between backticks, as Markdown does. */
export function prose(text: string): Markup {
  return markup`${text.split('`').map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part))}`;
}

export function anchor({ lab, check }: Pick<Finding, 'lab' | 'check'>, phase: Phase): string {
  return `${lab}/${check}${phase === 'now' ? '' : '/restarted'}`.replaceAll('/', '--');
}

function renderAttempts({ attempts, kind }: Finding): Markup {
  return markup`<table><thead><tr><th scope="col">From and to</th><th scope="col">Over</th><th scope="col">Tried</th><th scope="col">Outcome</th><th scope="col">Seen</th></tr></thead>
<tbody>${attempts.map((it) => renderAttempt(it, kind))}</tbody></table>`;
}

function renderAttempt(attempt: Attempt, kind: Finding['kind']): Markup {
  const { tone, word } = outcomeOf(kind, attempt);
  const glyph = { good: '✔', bad: '✖', unseen: '?' }[tone];
  const legitimate = kind === 'service' || attempt.role === 'canary';
  return markup`<tr${legitimate && markup` class="service-try"`}><td class="path">${attempt.from} → ${attempt.to}</td><td class="family">${familyName(attempt)}</td><td>${attempt.label}${attempt.role === 'canary' && markup` <span class="canary">canary: must get through</span>`}</td><td class="outcome"><span class="${tone}">${glyph} ${word}</span></td><td class="seen">${attempt.seen}</td></tr>
`;
}

function renderEvidence({ kind, title, file, command, excerpt }: Evidence, open: boolean): Markup {
  return markup`<details class="block"${open && ' open'}><summary><b>${title}</b> (${kind})</summary>
${excerpt !== '' && markup`<pre>${excerpt}</pre>`}
<p>Kept in <code>${file}</code>${command !== '' && markup`; again with <code>${command}</code>`}</p></details>
`;
}
