import { createHash } from 'node:crypto';

import { meaningOf, placeOf } from '../../model/daemon-diagnostic.ts';
import type { LabResult, Run } from '../../model/run.ts';
import { type Markup, markup, Markup as Verbatim } from '../markup.ts';
import type { ReporterContext } from '../reporter.ts';
import {
  countVerdicts,
  duration,
  finalFindings,
  headline,
  lostExplained,
  moment,
  standing,
} from '../../model/wording.ts';
import { drawLegend, drawTopology } from './drawing.ts';
import { prose, renderFinding, renderVerdict } from './finding.ts';
import { nodesOf } from './involved.ts';
import { renderSections } from './sections.ts';
import { style } from './style.ts';

/** The report as one page. Its policy forbids every fetch, so that it stays whole when it is mailed, and quiet. */
export function formatPage(run: Run, { plan, controls }: Pick<ReporterContext, 'plan' | 'controls'>): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(openForPrint).digest('base64')}'">
<title>${headline(run)}: ${run.topology}, ${run.startedAt.slice(0, 10)}</title>
<style>${new Verbatim(style)}</style>
</head>
<body>
${renderHeader(run)}
<main>
${renderDiagnostics(run)}<section id="topology"><h2>The network</h2>
<figure>${drawTopology(plan, { involved: nodesOf(run, plan) })}<figcaption>${drawLegend(plan)}</figcaption></figure></section>
${run.labs.map(renderLab)}
${renderSections(run, controls)}
</main>
<footer>${run.tool}, run ${run.id}. Evidence files are named from the folder of the run. The commands repeat a step on the running network.</footer>
<script>${new Verbatim(openForPrint)}</script>
</body>
</html>
`;
  return page.text;
}

/** Paper cannot be clicked. The style does the same for browsers that know ::details-content. */
const openForPrint = `addEventListener('beforeprint',()=>{for(const it of document.querySelectorAll('details:not([open])')){it.open=true;it.dataset.shut=''}});addEventListener('afterprint',()=>{for(const it of document.querySelectorAll('details[data-shut]')){it.open=false;delete it.dataset.shut}})`;

function renderHeader(run: Run): Markup {
  const facts = {
    Configuration: run.subject,
    Topology: run.topology,
    Runtime: run.runtime,
    Begun: moment(run.startedAt),
    Took: duration(run.durationMs),
    ...(run.seed === undefined ? {} : { Seed: String(run.seed) }),
  };
  return markup`<header>
<div class="mark-line">${emblem}<span>Breakwater report</span></div>
<h1>${headline(run)}</h1>
<p class="counts">${renderVerdict(run.verdict)} <span class="quiet">${countVerdicts(finalFindings(run.labs))}</span></p>
<dl class="facts">${Object.entries(facts).map(([name, value]) => markup`<div><dt>${name}</dt><dd class="tick">${value}</dd></div>`)}</dl>
<ol class="labs">${run.labs.map((lab) => markup`<li><a href="#${idOf(lab)}">${renderVerdict(lab.verdict)}<span><b>${lab.title}</b> <span class="quiet mono">${lab.lab}</span></span><span class="quiet">${standing(lab)}</span></a></li>`)}</ol>
</header>`;
}

/** What daemons said of the configuration stands before what was tried. */
function renderDiagnostics({ diagnostics, problem }: Run): Markup | false {
  if (diagnostics.length === 0 && problem === undefined) return false;
  return markup`<section class="diagnostics" id="configuration"><h2>The configuration itself</h2>
${problem !== undefined && markup`<p class="note">${problem}</p>`}
<ul>${diagnostics.map((it) => markup`<li class="${it.severity}"><p><b>${meaningOf(it)}</b> <span class="mono">${placeOf(it)}</span></p><p class="mono">${it.message}</p></li>`)}</ul></section>
`;
}

function renderLab(lab: LabResult): Markup {
  const afterRestart = lab.persistence === 'kept' ? [] : lab.afterRestart;
  return markup`<section class="lab" id="${idOf(lab)}"><span class="mono">${lab.lab}</span>
<h2>${lab.title}</h2>
<p class="standing">${renderVerdict(lab.verdict)} <span class="quiet">${standing(lab)}</span></p>
${lab.persistence === 'lost' && markup`<p class="note"><b>Lost at restart.</b> ${prose(lostExplained)}</p>`}
${afterRestart.map((it) => renderFinding(it, 'restarted'))}${lab.findings.map((it) => renderFinding(it, 'now'))}</section>
`;
}

function idOf(lab: LabResult): string {
  return `lab--${lab.lab.replaceAll('/', '--')}`;
}

/** A wall, and water that is high on one side of it and low on the other. */
const emblem = markup`<svg width="34" height="22" viewBox="0 0 34 22" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true"><path d="M1 9c2.500-5 5-5 7.500 0s5 5 7.500 0"/><path d="M19.500 3v16" stroke-width="3.200"/><path d="M23 16c1.600-1.800 3.200-1.800 4.900 0s3.300 1.800 4.900 0"/></svg>`;
