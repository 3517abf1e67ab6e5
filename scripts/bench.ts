import { setMaxListeners } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { openAppliance } from '#core/appliance/appliance.ts';
import product from '../package.json' with { type: 'json' };
import { openBreakwater } from './bench/breakwater.ts';
import { type Figure, rowOf, seconds, spreadOf } from './bench/figures.ts';
import { describeMachine } from './bench/machine.ts';
import { measureChange, measureUp, measureVerdict } from './bench/measure-networks.ts';
import { measureRing, type RingMeasure } from './bench/measure-ring.ts';
import { writeResults } from './bench/results.ts';

/**
 * `npm run bench [-- --image --runs 5 --rings 12,100,200]`: measures what the design promises and writes
 * docs/measurements.md. Wants a quiet computer and ten minutes; `--image` builds the node image anew.
 */
const { values } = parseArgs({
  options: {
    image: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
    rings: { type: 'string', default: '12,100,200' },
  },
});
const runs = Number(values.runs);
const sizes = values.rings.split(',').filter(Boolean).map(Number);
const root = join(import.meta.dirname, '..');
const interrupt = new AbortController();
setMaxListeners(0, interrupt.signal); // Every command listens to it; there are many.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

const machine = describeMachine();
const figures: Figure[] = [];
if (values.image) await measureImage();
const breakwater = await openBreakwater(root, interrupt.signal);
try {
  await breakwater.time(['image', 'build']);
  note({
    what: 'a command that does nothing (`--version`)',
    ms: await repeat(runs, () => breakwater.time(['--version'])),
  });
  const isp = await measureUp(breakwater, [], runs);
  note({ what: '`up` of the whole ISP', ms: isp.up, targetMs: 6000 });
  note({ what: '`down` of the whole ISP', ms: isp.down, targetMs: 500 });
  const labs = ((await breakwater.json(['labs', '--json'])) as { id: string }[]).map((lab) => lab.id);
  for (const lab of labs) {
    const measured = await measureUp(breakwater, [lab], runs);
    note({ what: `\`up ${lab}\``, ms: measured.up, targetMs: 4000 });
    note({ what: `\`down\` of it`, ms: measured.down, targetMs: 500 });
  }
  if (labs.length > 1) note(await measureChange(breakwater, labs, Math.max(runs, 2 * labs.length)));
  for (const lab of labs) for (const figure of await measureVerdict(breakwater, lab, runs)) note(figure);

  const image = await (await openAppliance(product.version)).image();
  const rings: RingMeasure[][] = [];
  for (const size of sizes) {
    const signal = interrupt.signal;
    // The large ones say the same three times over and take their time.
    const measured = await repeat(size > 50 ? 1 : runs, () =>
      measureRing(size, { paths: breakwater.paths, image, signal }),
    );
    rings.push(measured);
    const { median } = spreadOf(measured.map((it) => it.convergedMs));
    console.log(`ring of ${size} routers: converged in ${seconds(median)}`);
  }
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(join(root, 'docs', 'measurements.md'), writeResults({ machine, date, figures, isp, rings }));
  console.log('docs/measurements.md');
} finally {
  await breakwater.remove();
}

/** Into an empty cache, packages and all: what a new machine waits for. */
async function measureImage(): Promise<void> {
  const fresh = await openBreakwater(root, interrupt.signal, true);
  try {
    note({ what: 'node image, built from nothing', ms: [await fresh.time(['image', 'build'])] });
  } finally {
    await fresh.remove();
  }
}

async function repeat<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let run = 1; run <= times; run++) found.push(await measure());
  return found;
}

function note(figure: Figure): void {
  figures.push(figure);
  console.log(rowOf(figure).join('  '));
}
