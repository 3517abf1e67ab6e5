import { readState, sandboxFolders } from '#core/runtime/rootless/sandbox.ts';
import type { Breakwater, Said } from './breakwater.ts';
import type { Figure } from './figures.ts';
import { nodesBelow } from './processes.ts';

/** A stretch of `up`, named by what the program said when it began. */
export interface Phase {
  readonly name: string;
  readonly ms: number;
}

export interface UpMeasure {
  readonly up: readonly number[];
  readonly down: readonly number[];
  readonly phases: readonly (readonly Phase[])[];
  /** Node → KiB, of the last network. */
  readonly memory: readonly { readonly name: string; readonly kib: number }[];
}

/** Brings a network up and takes it down, each time from a fresh workspace. */
export async function measureUp(breakwater: Breakwater, args: readonly string[], runs: number): Promise<UpMeasure> {
  const up: number[] = [];
  const down: number[] = [];
  const phases: Phase[][] = [];
  let memory: { name: string; kib: number }[] = [];
  for (let run = 1; run <= runs; run++) {
    const name = `bench-${args[0]?.replace('/', '-') ?? 'isp'}-${run}`;
    const { ms, said } = await breakwater.follow(['up', ...args, '--name', name]);
    up.push(ms);
    phases.push(phasesOf(said, ms));
    memory = await weigh(breakwater, name);
    down.push(await breakwater.time(['down', '--name', name]));
  }
  return { up, down, phases, memory };
}

/** How long a verdict takes after an edit: without the restart that tells a lasting mend, and with it. */
export async function measureVerdict(breakwater: Breakwater, lab: string, runs: number): Promise<Figure[]> {
  const name = ['--name', `verdict-${lab.replace('/', '-')}`];
  const now: Judged[] = [];
  const restarted: Judged[] = [];
  await breakwater.time(['up', lab, ...name]);
  await breakwater.time(['solve', ...name]);
  for (let run = 1; run <= runs; run++) {
    now.push(await breakwater.judge(['check', '--no-restart', ...name]));
    restarted.push(await breakwater.judge(['check', ...name]));
  }
  await breakwater.time(['down', ...name]);
  return [
    { ...figureOf(`verdict of \`${lab}\``, now), targetMs: 3000 },
    figureOf('the same, and again after a restart from the files', restarted),
  ];
}

type Judged = Awaited<ReturnType<Breakwater['judge']>>;

/** A solution that did not pass is no reason to stop measuring, and every reason to say so. */
function figureOf(what: string, judged: readonly Judged[]): Figure {
  const failed = judged.filter((it) => !it.passed).length;
  return {
    what: failed === 0 ? what : `${what} (✖ ${failed} of ${judged.length} did not pass)`,
    ms: judged.map((it) => it.ms),
  };
}

/** Goes round the labs on one running ISP. */
export async function measureChange(breakwater: Breakwater, labs: readonly string[], runs: number): Promise<Figure> {
  const ms: number[] = [];
  const up = (lab: string): Promise<number> => breakwater.time(['up', lab, '--all', '--name', 'change']);
  await up(labs[0] ?? '');
  for (let run = 1; run <= runs; run++) ms.push(await up(labs[run % labs.length] ?? ''));
  await breakwater.time(['down', '--name', 'change']);
  return { what: 'change to another lab on the running ISP', ms, targetMs: 1500 };
}

const marks: readonly (readonly [RegExp, string])[] = [
  [/^laying out the configuration/, 'lay out the configuration'],
  [/^creating \d+ nodes/, 'create the nodes'],
  [/^wiring \d+ links/, 'wire the links'],
  [/^starting \d+ nodes/, 'start the nodes'],
  [/^waiting for services/, 'services and routing'],
  [/^bringing up .*: done/, 'end'],
];

/** From one mark to the next; what comes before the first is the start of the program. */
export function phasesOf(said: readonly Said[], totalMs: number): Phase[] {
  const found = marks.flatMap(([pattern, name]) => {
    const at = said.find(({ line }) => pattern.test(line))?.atMs;
    return at === undefined ? [] : [{ name, at }];
  });
  if (found.length !== marks.length)
    throw new Error(`the program said other things than expected:\n${said.map(({ line }) => line).join('\n')}`);
  const bounds = [{ name: 'start the program, read the files', at: 0 }, ...found];
  return bounds.map(({ name, at }, index) => ({ name, ms: (bounds[index + 1]?.at ?? totalMs) - at }));
}

async function weigh(breakwater: Breakwater, network: string): Promise<{ name: string; kib: number }[]> {
  const holder = (await readState(sandboxFolders(breakwater.paths.runtime, network)))?.holder?.pid;
  if (holder === undefined) throw new Error(`${network} has no holder`);
  return nodesBelow(holder).map((node) => ({ name: node.name, kib: node.weigh() }));
}
