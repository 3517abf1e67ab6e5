// `npm run record`: runs the first lab for real, and keeps what the appliance answered for the UI tests and the
// screenshots. It works in folders of its own, so that no trainee's work is touched.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openAppliance } from '#core/appliance/appliance.ts';
import type { RunEvent } from '#core/model/run.ts';
import type { ArgumentsOf, CallName, ResultOf } from '../electron/contract/calls.ts';
import { answer } from '../electron/main/answer.ts';
import { type Desk, traineeNetwork } from '../electron/main/desk.ts';
import { createHandlers } from '../electron/main/handlers/handlers.ts';
import { openPreferences } from '../electron/main/preferences-file.ts';
import { createTerminals } from '../electron/main/terminals/terminals.ts';
import { createTruth, type Tell } from '../electron/main/truth.ts';
import { watchVerdicts, witnessOf } from '../electron/main/verdicts.ts';
import product from '../package.json' with { type: 'json' };
import type { RecordedNetwork, RecordedRun, Recordings } from '../renderer/host/fake-host.ts';

const lab = 'filtering/ingress-source';
const folder = await mkdtemp(join(tmpdir(), 'breakwater-record-'));
process.env['XDG_STATE_HOME'] = join(folder, 'state');
process.env['XDG_RUNTIME_DIR'] = join(folder, 'run');
await mkdir(join(folder, 'run'), { mode: 0o700 });

const appliance = await openAppliance(product.version);
let events: { atMs: number; event: RunEvent }[] = [];
let begun = 0;
const tell: Tell = (name, event) => {
  if (name === 'run.event') events.push({ atMs: Math.round(performance.now() - begun), event: event as RunEvent });
};
const truth = createTruth(product.version, tell);
const desk: Desk = {
  appliance,
  tell,
  truth,
  verdicts: watchVerdicts(witnessOf(appliance, traineeNetwork), truth),
  preferences: openPreferences(join(folder, 'preferences.json')),
  terminals: createTerminals(),
  person: {
    chooseFile: async () => undefined,
    openLink: async () => {},
    printPage: async () => Buffer.from(''),
  },
  openPort: () => {
    throw new Error('recording needs no terminal');
  },
  demo: undefined,
  runEvents: [],
};
const handlers = createHandlers(desk);
const answers: Record<string, unknown> = {};

async function call<N extends CallName>(name: N, args: ArgumentsOf<N>): Promise<ResultOf<N>> {
  const it = await answer(handlers, name, args);
  if (!it.ok) throw new Error(`${name}: ${it.error.message}`);
  return it.value as ResultOf<N>;
}

async function record<N extends CallName>(name: N, args: ArgumentsOf<N>): Promise<ResultOf<N>> {
  const value = await call(name, args);
  answers[`${name} ${JSON.stringify(args)}`] = value;
  return value;
}

async function recordRun(): Promise<RecordedRun> {
  events = [];
  begun = performance.now();
  const { run: id } = await call('run.check', { lab });
  const run = await call('run.read', { run: id });
  for (const finding of run.labs.flatMap((it) => [...it.findings, ...it.afterRestart]))
    for (const { file } of finding.evidence) await record('run.evidence', { run: id, file });
  return { run, timeline: timelineOf(events) };
}

/** Without anybody's folders. */
async function write(file: string, recordings: RecordedNetwork | Omit<Recordings, 'network'>): Promise<void> {
  const { state, cache, runtime } = appliance.paths;
  const text = JSON.stringify(recordings)
    .replaceAll(state, '/home/trainee/.local/state/breakwater')
    .replaceAll(cache, '/home/trainee/.cache/breakwater')
    .replaceAll(runtime, '/run/user/1000/breakwater');
  await writeFile(join('test/ui/recordings', file), `${text}\n`);
}

/** When what was told; the findings themselves stand in the run. */
function timelineOf(told: typeof events): RecordedRun['timeline'] {
  let phase: 'now' | 'restarted' = 'now';
  return told.flatMap(({ atMs, event }) => {
    if (event.type === 'progress' || event.type === 'run.diagnosed') return [];
    if (event.type === 'lab.started') phase = event.phase;
    const moment = { atMs, type: event.type, phase };
    if (event.type === 'lab.started') return [{ ...moment, checks: event.checks.map((it) => it.id) }];
    if (event.type === 'check.started') return [{ ...moment, check: event.check }];
    return event.type === 'check.judged' ? [{ ...moment, check: event.finding.check }] : [moment];
  });
}

/** Where the attacks go without the control and with it, and the files of the lab's nodes. */
async function recordNetwork(): Promise<RecordedNetwork> {
  const topology = await call('topology.read', {});
  const files: Record<string, string> = {};
  for (const node of await call('config.list', {}))
    for (const { path } of node.files) files[path] = (await call('config.read', { path })).start ?? '';
  await call('demo.open', { lab });
  const off = await call('demo.attack', {});
  await call('demo.control', { on: true });
  const on = await call('demo.attack', {});
  await call('demo.close', {});
  return { topology, journeys: { off: off.journeys, on: on.journeys }, files };
}

try {
  for (const { id } of (await record('catalogue.read', {})).labs) await record('lab.read', { lab: id });
  await record('host.examine', {});
  await call('network.up', { lab });
  const broken = await recordRun();
  const mended = (await appliance.baseline()).find((it) => it.path === 'pe1/etc/nftables.conf');
  const running = await appliance.runtime.attach('isp');
  if (mended === undefined || running === undefined) throw new Error('there is nothing to mend');
  await running.node('pe1').exec(['nft', '-f', '-'], { input: mended.content.toString() });
  const lost = await recordRun();
  await call('network.solve', {});
  const passing = await recordRun();
  await record('snapshots.list', {});
  const network = await recordNetwork();

  await write('network.json', network);
  await write('recordings.json', {
    answers,
    hints: Object.fromEntries([...appliance.labs.values()].map((it) => [it.id, it.hints])),
    runs: { broken, lost, passing },
  });
} finally {
  await (await appliance.runtime.attach('isp'))?.destroy();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
