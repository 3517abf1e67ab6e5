import type { Plan, Side } from '#core/model/plan.ts';
import { drawTopology, markPath, sideNames } from '#core/report/html/drawing.ts';
import { drawingStyle, palette } from '#core/report/html/style.ts';
import { markup, Markup } from '#core/report/markup.ts';

const legendHeight = 52;

/**
 * The drawing of the report as a file of its own, for README.md: with its style, the legend in it, and
 * a ground of its own, because a page may be light where the reader's system is dark.
 */
export function drawPicture(plan: Plan): string {
  const drawing = drawTopology(plan, { involved: new Set() });
  const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawing.text) ?? []).map(Number);
  const total = height + legendHeight;
  const { text } =
    markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" height="${total}">
<style>${new Markup(`${palette}\n${drawingStyle}\n${legendStyle}`)}</style>
<rect class="paper" width="${width}" height="${total}" rx="10"/>
<svg width="${width}" height="${height}">${drawing}</svg>
<g transform="translate(${width / 2} ${height + 18})">${drawLegend(plan)}</g>
</svg>
`;
  return text;
}

const legendStyle = `.paper { fill: var(--paper); }
.legend text { font: 13px var(--sans); fill: var(--quiet); }`;

function drawLegend(plan: Plan): Markup {
  const there = new Set<Side>(Object.values(plan.nodes).map((it) => it.side));
  const entries: { mark: Markup; words: string }[] = (Object.keys(sideNames) as (keyof typeof sideNames)[])
    .filter((side) => there.has(side))
    .map((side) => ({
      mark: markup`<g class="node ${side}"><rect class="box" x="0" y="-7" width="20" height="14" rx="3"/></g>`,
      words: sideNames[side],
    }));
  entries.push({
    mark: markup`<g class="node attacker"><path class="mark" transform="translate(10 0)" d="${markPath}"/></g>`,
    words: 'an attack can start here',
  });
  // No font metrics here: a little more than the mean width of a letter at 13 pixels.
  const widths = entries.map(({ words }) => 28 + words.length * 7 + 24);
  const begin = -widths.reduce((sum, width) => sum + width, 0) / 2;
  return markup`<g class="legend">${entries.map(({ mark, words }, index) => {
    const x = begin + widths.slice(0, index).reduce((sum, width) => sum + width, 0);
    return markup`<g transform="translate(${Math.round(x)} 0)">${mark}<text x="28" y="4.5">${words}</text></g>`;
  })}</g>`;
}
