/**
 * Colour has meaning and nothing else has colour: attack is what got through, stopped is what did not,
 * service is legitimate use. Each also has a word and a glyph, because not everybody sees colour and
 * not every printer has it.
 */
export const palette = `:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --raised: #ffffff; --ink: #1b2630; --quiet: #5b6772; --hair: #dcd9d1; --sunk: #f2f0ea;
  --attack: #b3261e; --stopped: #1a6b4f; --service: #1d5a94; --unsure: #8a5a00; --broken: #7a3a8c;
  --attack-wash: #fbeae7; --stopped-wash: #e6f2ec; --unsure-wash: #f9f0dc; --broken-wash: #f4eaf6;
  --isp: #1d5a94; --customer: #9a6a12; --peer: #6c4a9c; --transit: #3d6b6b; --internet: #6a737b;
  --small: .8125rem; --body: .9375rem; --lead: 1.1875rem; --title: 1.5rem; --display: clamp(2rem, 1.4rem + 2.2vw, 3rem);
  --s1: .25rem; --s2: .5rem; --s3: .875rem; --s4: 1.5rem; --s5: 2.5rem; --s6: 4rem;
  --serif: Charter, 'Bitstream Charter', 'Sitka Text', Cambria, 'Noto Serif', Georgia, serif;
  --sans: Seravek, 'Source Sans 3', 'Noto Sans', Ubuntu, Calibri, 'Helvetica Neue', Arial, sans-serif;
  --mono: ui-monospace, 'Cascadia Code', 'Source Code Pro', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11181e; --raised: #18222a; --ink: #e6e8e6; --quiet: #9aa7b1; --hair: #2d3a44; --sunk: #0c1216;
    --attack: #ff8a7a; --stopped: #6fcfa3; --service: #82b8ee; --unsure: #e6b65c; --broken: #d3a0e3;
    --attack-wash: #351d1b; --stopped-wash: #15302a; --unsure-wash: #312813; --broken-wash: #2c2033;
    --isp: #82b8ee; --customer: #dcb264; --peer: #bda2e8; --transit: #8cc5c3; --internet: #9aa7b1;
  }
}`;

/** Of the topology alone, which is drawn in other documents too. */
export const drawingStyle = `.topology { display: block; width: 100%; height: auto; }
.topology text { font-family: var(--sans); text-anchor: middle; fill: var(--ink); }
.topology .name { font-size: 15px; font-weight: 650; }
.topology .what { font-size: 12px; fill: var(--quiet); }
.topology .wires line { stroke: var(--quiet); stroke-width: 1.4; opacity: .75; }
.topology .wires .rail { stroke-width: 4; stroke-linecap: round; opacity: 1; stroke: var(--hair); }
.topology .segment { font: 12px var(--mono); fill: var(--quiet); text-anchor: start; }
.topology .segment.over { text-anchor: middle; } .topology .segment.before { text-anchor: end; }
.node { --side: var(--internet); }
.node.isp { --side: var(--isp); } .node.customer { --side: var(--customer); } .node.peer { --side: var(--peer); } .node.transit { --side: var(--transit); }
.node .ground { fill: var(--paper); }
.node .box { fill: var(--side); fill-opacity: .13; stroke: var(--side); stroke-width: 1.6; }
.node .mark { fill: var(--attack); stroke: var(--paper); stroke-width: 2; }
.node.aside > :not(.ground) { opacity: .62; }
.node.aside .box { stroke-dasharray: 3 3; }`;

/** The whole style of the report. */
export const style = `
${palette}
* { box-sizing: border-box; }
html { font: 100%/1.5 var(--sans); background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0; font-size: var(--body); }
main, header, footer { max-width: 68rem; margin-inline: auto; padding-inline: var(--s4); }
a { color: inherit; text-decoration-color: var(--hair); text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--service); outline-offset: 2px; border-radius: 2px; }
h1, h2, h3, p, dl, dd, ul, ol, figure, pre { margin: 0; padding: 0; }
ul, ol { list-style: none; }
code, pre, .mono { font-family: var(--mono); font-size: .875em; font-variant-ligatures: none; }
.quiet { color: var(--quiet); }
.tick { font-variant-numeric: tabular-nums; }

header { padding-top: var(--s5); }
.mark-line { display: flex; align-items: center; gap: var(--s3); color: var(--quiet); font-size: var(--small); letter-spacing: .02em; }
.mark-line svg { color: var(--ink); }
h1 { font: 600 var(--display)/1.1 var(--serif); letter-spacing: -.015em; margin-top: var(--s4); text-wrap: balance; }
.counts { font: var(--lead)/1.4 var(--sans); margin-top: var(--s2); }
.facts { display: flex; flex-wrap: wrap; gap: var(--s3) var(--s5); margin-top: var(--s4); padding-block: var(--s3); border-block: 1px solid var(--hair); }
.facts dt { font-size: var(--small); color: var(--quiet); }

.verdict { font-weight: 600; white-space: nowrap; }
.verdict::before { content: attr(data-glyph); display: inline-block; width: 1.25em; text-align: left; }
.pass { color: var(--stopped); } .fail { color: var(--attack); } .inconclusive { color: var(--unsure); } .error { color: var(--broken); }

.diagnostics li { margin-top: var(--s3); padding-left: var(--s3); border-left: 3px solid var(--attack); }
.diagnostics li.warning { border-color: var(--unsure); }
.diagnostics .mono { overflow-wrap: anywhere; }

.labs { margin-top: var(--s4); }
.labs a { display: grid; grid-template-columns: 8.5rem 1fr auto; gap: var(--s3); align-items: baseline; padding: var(--s2) var(--s2); margin-inline: calc(-1 * var(--s2)); border-radius: 6px; text-decoration: none; }
.labs a:hover { background: var(--sunk); }
.labs b { font-weight: 600; }
.labs .quiet { font-size: var(--small); }

h2 { font: 600 var(--title)/1.2 var(--serif); letter-spacing: -.01em; }
section { margin-top: var(--s6); }
.lab > .mono { color: var(--quiet); display: block; margin-bottom: var(--s1); }
.lab > .standing { margin-top: var(--s2); }
.note { margin-top: var(--s3); padding: var(--s3) var(--s4); background: var(--attack-wash); border-radius: 8px; max-width: 52rem; }
.note b { color: var(--attack); }

figure { margin-top: var(--s4); }
${drawingStyle}
.legend { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); margin-top: var(--s3); color: var(--quiet); font-size: var(--small); }
.legend li { display: inline-flex; align-items: center; gap: var(--s2); }

.check { margin-top: var(--s3); background: var(--raised); border: 1px solid var(--hair); border-radius: 10px; }
.check > summary { display: grid; grid-template-columns: 8.5rem 1fr auto; gap: var(--s1) var(--s3); padding: var(--s3) var(--s4); cursor: pointer; list-style: none; border-radius: 10px; }
.check > summary::-webkit-details-marker { display: none; }
.check > summary h3 { font: 600 1rem/1.4 var(--sans); }
.check > summary .why { grid-column: 2 / -1; color: var(--quiet); }
.check > summary .side { color: var(--quiet); font-size: var(--small); white-space: nowrap; }
.check > summary .side::after { content: '▸'; margin-left: var(--s2); display: inline-block; }
.check[open] > summary .side::after { content: '▾'; }
.check.fail > summary .why { color: var(--attack); } .check.inconclusive > summary .why { color: var(--unsure); } .check.error > summary .why { color: var(--broken); }
details.check { color: inherit; }
.inside { padding: 0 var(--s4) var(--s4); overflow-x: auto; }

table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 400; font-size: var(--small); color: var(--quiet); padding: var(--s2) var(--s3) var(--s2) 0; border-bottom: 1px solid var(--hair); vertical-align: bottom; }
td { padding: var(--s2) var(--s3) var(--s2) 0; border-bottom: 1px solid var(--hair); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.family, td.outcome { white-space: nowrap; }
td.seen { color: var(--quiet); width: 40%; overflow-wrap: anywhere; }
.good { color: var(--stopped); } .bad { color: var(--attack); font-weight: 600; } .unseen { color: var(--unsure); font-weight: 600; }
.service-try .good { color: var(--service); }
.canary { font-size: var(--small); color: var(--quiet); }

.block { margin-top: var(--s3); }
.block > summary, .block > h4 { font: 600 var(--small)/1.5 var(--sans); margin: 0; color: var(--quiet); }
.block > summary { cursor: pointer; }
.block > summary b { color: var(--ink); font-weight: 600; }
pre { margin-top: var(--s2); padding: var(--s3); background: var(--sunk); border-radius: 6px; overflow-x: auto; line-height: 1.55; font-size: .8125rem; }
.command::before { content: '$ '; color: var(--quiet); user-select: none; }
.block p { margin-top: var(--s2); font-size: var(--small); color: var(--quiet); overflow-wrap: anywhere; }

h2 + .quiet { margin-top: var(--s2); }
.sections { margin-top: var(--s4); }
.sections td:first-child { white-space: nowrap; }
.sections .modern { display: block; font-size: var(--small); color: var(--quiet); }
footer { width: calc(100% - 2 * var(--s4)); max-width: calc(68rem - 2 * var(--s4)); padding-inline: 0; margin-top: var(--s6); padding-block: var(--s4) var(--s5); color: var(--quiet); font-size: var(--small); border-top: 1px solid var(--hair); }

@media (max-width: 44rem) {
  .check > summary, .labs a { grid-template-columns: 1fr auto; }
  .check > summary h3, .check > summary .why, .labs a > :nth-child(2) { grid-column: 1 / -1; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root {
    color-scheme: light;
    --paper: #fff; --raised: #fff; --ink: #000; --quiet: #444; --hair: #bbb; --sunk: #f5f5f5;
    --attack: #a01810; --stopped: #14563f; --service: #174a7a; --unsure: #6e4800; --broken: #5f2d6e;
    --attack-wash: #fff;
    --isp: #174a7a; --customer: #7a540e; --peer: #553a7c; --transit: #2f5454; --internet: #555;
    --body: 9.5pt; --small: 8pt; --lead: 11pt; --title: 15pt; --display: 24pt; --s5: 1.5rem; --s6: 2rem;
  }
  html { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, header, footer { width: auto; max-width: none; padding-inline: 0; }
  .check > summary .side::after { content: none; }
  details::details-content { content-visibility: visible; display: block; }
  h2, h3, .check > summary, tr, figure { break-inside: avoid; }
  h2, .lab > .mono, .standing, .note, .check > summary, .block > summary { break-after: avoid; }
  .block > summary { list-style: none; }
  .check > summary h3 { font-size: 10pt; }
  pre { font-size: 7.5pt; white-space: pre-wrap; overflow-wrap: anywhere; }
  .inside { overflow: visible; }
}
`;
