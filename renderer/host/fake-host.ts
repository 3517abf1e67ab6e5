import type { Journey } from '#core/model/journey.ts';
import type { Phase, Run, RunEvent } from '#core/model/run.ts';
import type { ArgumentsOf, CallName, ResultOf } from '../../electron/contract/calls.ts';
import type { LabProgress } from '../../electron/contract/catalogue.ts';
import type { EventName, EventOf } from '../../electron/contract/events.ts';
import type { Preferences } from '../../electron/contract/preferences.ts';
import type { Scene } from '../../electron/contract/scene.ts';
import type { DemoState, Snapshot, TaskName } from '../../electron/contract/snapshot.ts';
import type { TopologyView } from '../../electron/contract/topology.ts';
import { HostError, type LabHost, type TerminalConnection } from './lab-host.ts';

/** What a real appliance answered once: by call and arguments, and the events of its runs with their times. */
export interface Recordings {
  readonly answers: Readonly<Record<string, unknown>>;
  /** All hints of each lab. */
  readonly hints: Readonly<Record<string, readonly string[]>>;
  /** Runs of the one lab that the fake network can be at, by how its configuration stands. */
  readonly runs: Readonly<Record<Standing, RecordedRun>>;
  readonly network: RecordedNetwork;
}

/** The network of that lab: where its attacks went without the control and with it, and its files as the lab begins. */
export interface RecordedNetwork {
  readonly topology: TopologyView;
  readonly journeys: { readonly off: Journey[]; readonly on: Journey[] };
  readonly files: Readonly<Record<string, string>>;
}

/** A run of one lab, and when what happened. */
export interface RecordedRun {
  readonly run: Run;
  readonly timeline: readonly Moment[];
}

interface Moment {
  readonly atMs: number;
  readonly type: Exclude<RunEvent['type'], 'progress' | 'run.diagnosed'>;
  readonly phase: Phase;
  readonly check?: string;
  readonly checks?: readonly string[];
}

/** `broken`: as the lab begins; `lost`: mended in a running daemon only; `passing`: mended in the files. */
export type Standing = 'broken' | 'lost' | 'passing';

/** How the fake world stands when the window opens. */
export interface Beginning {
  readonly lab: string | null;
  readonly standing: Standing;
  readonly preferences: Partial<Preferences>;
  /** How far the trainee came with labs; those left out are new. */
  readonly progress: Readonly<Record<string, LabProgress>>;
  /** Calls that fail, and with what. */
  readonly failures: Readonly<Partial<Record<CallName, string>>>;
  /** Answers other than the recorded ones, by call alone or with its arguments. What acts is answered so too. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Files that somebody else saves as soon as they were read. */
  readonly contested: readonly string[];
  /** How much faster than recorded; Infinity for at once. */
  readonly speed: number;
}

/** The appliance as it was recorded, without any process behind it: the whole window runs in a plain browser. */
export function fakeHost({ answers: recorded, hints, runs, network }: Recordings, beginning: Beginning): LabHost {
  const answers = { ...recorded, ...beginning.answers };
  const listeners = new Map<EventName, Set<(event: never) => void>>();
  let preferences: Preferences = {
    theme: 'system',
    welcomed: true,
    panes: {},
    terminalFontSize: 14,
    whenClosing: 'ask',
    ...beginning.preferences,
  };
  let { standing } = beginning;
  let snapshot: Snapshot = {
    revision: 1,
    version: '0.1.0',
    tasks: [],
    network: null,
    run: null,
    verdicts: { runs: [], since: [] },
    demo: null,
    terminals: [],
  };
  let cancelled = false;
  const seen = new Map<string, number>();
  const saved = new Map<string, string>();

  const tell = <E extends EventName>(name: E, event: EventOf<E>): void =>
    listeners.get(name)?.forEach((listener) => listener(event as never));
  const change = (part: Partial<Snapshot>): void => {
    snapshot = { ...snapshot, ...part, revision: snapshot.revision + 1 };
    tell('state.changed', { revision: snapshot.revision, snapshot });
  };
  /** As main does it: a run that began is about what is there, until something is done to it. */
  const begin = (run: string): void => change({ verdicts: { runs: [...snapshot.verdicts.runs, run], since: [] } });
  const outdate = (why: string): void => {
    const before = snapshot.verdicts;
    if (before.runs.length > 0) change({ verdicts: { runs: [], since: [...before.since, why] } });
  };
  const pass = async (ms: number): Promise<void> => {
    if (ms / beginning.speed > 1) await new Promise((resolve) => setTimeout(resolve, ms / beginning.speed));
  };
  const during = async <T>(task: TaskName, messages: readonly string[], work: () => Promise<T>): Promise<T> => {
    change({ tasks: [...snapshot.tasks, { task, message: messages[0] ?? '' }] });
    for (const message of messages) {
      tell('progress', { task, message });
      await pass(400);
    }
    try {
      return await work();
    } finally {
      change({ tasks: snapshot.tasks.filter((it) => it.task !== task) });
    }
  };
  const networkAt = (lab: string | null): Snapshot['network'] => ({
    lab,
    nodes: lab === null ? [] : (answer('lab.read', { lab }).nodes as string[]),
    startedAt: '2026-11-25T15:00:00.000Z',
    configs: '/home/trainee/.local/state/breakwater/workspaces/isp/configs',
  });
  const answer = <N extends CallName>(name: N, args: ArgumentsOf<N>): ResultOf<N> => {
    const found = answers[`${name} ${JSON.stringify(args)}`] ?? answers[name];
    if (found === undefined)
      throw new HostError({
        code: 'unknown-name',
        message: `nothing was recorded for ${name} ${JSON.stringify(args)}`,
      });
    return structuredClone(found) as ResultOf<N>;
  };

  const replay = async (checks: readonly string[] | undefined): Promise<ResultOf<'run.check'>> => {
    cancelled = false;
    const wanted = (id: string): boolean => checks === undefined || checks.includes(id);
    let before = 0;
    const recordedRun = runs[standing];
    for (const moment of recordedRun.timeline) {
      await pass(moment.atMs - before);
      before = moment.atMs;
      if (cancelled) throw new HostError({ code: 'cancelled', message: 'the check was stopped' });
      if (moment.check !== undefined && !wanted(moment.check)) continue;
      if (moment.type === 'run.started') begin(recordedRun.run.id);
      tell('run.event', eventAt(recordedRun, moment, wanted));
    }
    return { run: recordedRun.run.id, verdict: recordedRun.run.verdict, interrupted: false };
  };

  /** Calls that do something; all others are answered as recorded. */
  const acts: { [N in CallName]?: (args: ArgumentsOf<N>) => Promise<ResultOf<N>> } = {
    'app.snapshot': async () => snapshot,
    'app.openLink': async () => null,
    'host.buildImage': async () =>
      during('host.buildImage', ['packages: fetching', 'packages: unpacking', 'image: adding our files'], async () => {
        Object.assign(answers, { 'host.examine {}': recorded['host.examine {}'] });
        return null;
      }),
    'catalogue.read': async () => {
      const catalogue = answer('catalogue.read', {});
      const labs = catalogue.labs.map((it) => ({ ...it, progress: beginning.progress[it.id] ?? ('new' as const) }));
      return { ...catalogue, labs };
    },
    'lab.read': async ({ lab }) => ({ ...answer('lab.read', { lab }), hints: hintsOf(lab) }),
    'lab.hint': async ({ lab }) => {
      seen.set(lab, Math.min((seen.get(lab) ?? 0) + 1, hints[lab]?.length ?? 0));
      return hintsOf(lab);
    },
    'network.up': async ({ lab }) =>
      during('network.up', ['laying out the configuration', 'starting 10 nodes', 'waiting for BGP'], async () => {
        if (lab !== snapshot.network?.lab) outdate('the network was started again');
        change({ network: networkAt(lab) });
        return { configuration: 'fresh', notes: [] };
      }),
    'network.down': async () =>
      during('network.down', ['taking the network down'], async () => {
        outdate('the network was taken down');
        change({ network: null });
        return null;
      }),
    'network.reset': async () =>
      during('network.reset', ['going back to the start of the lab'], async () => {
        standing = 'broken';
        outdate('the lab was reset');
        return [];
      }),
    'network.solve': async () =>
      during('network.solve', ['laying out the solution'], async () => {
        standing = 'passing';
        outdate('the solution was laid out');
        return [{ path: 'pe1/etc/nftables.conf', status: 'modified' }];
      }),
    'snapshots.restore': async () =>
      during('snapshots.restore', ['laying out that version'], async () => {
        outdate('an earlier snapshot was restored');
        return [];
      }),
    'topology.read': async () => network.topology,
    'config.list': async () => {
      const nodes = [...new Set(Object.keys(network.files).map((it) => it.split('/')[0] ?? ''))];
      return nodes.map((node) => ({
        node,
        files: Object.keys(network.files)
          .filter((it) => it.startsWith(`${node}/`))
          .map((path) => ({ path, status: contentOf(path) === network.files[path] ? 'same' : 'modified' })),
      }));
    },
    'config.read': async ({ path }) => {
      const content = contentOf(path);
      if (beginning.contested.includes(path) && !saved.has(path)) saved.set(path, `${content}# by somebody else\n`);
      return { path, now: { content, blob: blobOf(content) }, start: network.files[path] ?? null };
    },
    'config.write': async ({ path, content, expected }) => {
      const theirs = { content: contentOf(path), blob: blobOf(contentOf(path)) };
      if (expected !== theirs.blob) return { outcome: 'conflict', base: null, ours: content, theirs };
      saved.set(path, content);
      if (path === 'pe1/etc/nftables.conf' && content.includes('registered4')) standing = 'passing';
      tell('config.changed', { paths: [path] });
      outdate(`the configuration was changed: ${path}`);
      return { outcome: 'saved', blob: blobOf(content), applied: [path.replace(/\/etc\//, ': ')] };
    },
    'run.check': async ({ checks }) => during('run.check', [], () => replay(checks)),
    'run.cancel': async () => {
      cancelled = true;
      return null;
    },
    'run.current': async () => [],
    'run.list': async ({ lab }) =>
      Object.values(runs)
        .map(({ run }) => summarise(run))
        .filter((it) => lab === undefined || it.labs.some((own) => own.lab === lab))
        .toSorted((a, b) => b.id.localeCompare(a.id)),
    'run.read': async ({ run: id }) => {
      const found = Object.values(runs).find(({ run }) => run.id === id);
      if (found === undefined) throw new HostError({ code: 'unknown-name', message: `there is no run ${id}` });
      return found.run;
    },
    'run.scene': async ({ run, lab }) => ({
      ...sceneAt(lab, run !== runs.broken.run.id),
      run,
      control: null,
    }),
    'demo.open': async ({ lab }) =>
      during('demo.open', ['starting 10 nodes', 'waiting for BGP'], async () =>
        showDemo({ lab, control: false, nodes: answer('lab.read', { lab }).nodes }),
      ),
    'demo.control': async ({ on }) =>
      during('demo.control', [], async () => showDemo({ ...requireDemo(), control: on })),
    'demo.attack': async () =>
      during('demo.attack', ['attacking'], async () => sceneAt(requireDemo().lab, requireDemo().control)),
    'demo.close': async () => {
      change({ demo: null });
      return null;
    },
    'run.openInWireshark': async () => null,
    'run.saveEvidence': async () => ({ file: '/home/trainee/evidence.pcap' }),
    'report.save': async ({ format }) => ({ file: `/home/trainee/report.${format}` }),
    'preferences.read': async () => preferences,
    'preferences.write': async (changes) => {
      preferences = { ...preferences, ...(changes as Partial<Preferences>) };
      return preferences;
    },
    'terminal.resize': async () => null,
    'terminal.close': async () => null,
  };
  const contentOf = (path: string): string => saved.get(path) ?? network.files[path] ?? '';
  const sceneAt = (lab: string, on: boolean): Scene => ({
    run: (on ? runs.passing : runs.broken).run.id,
    lab,
    control: on,
    verdict: on ? 'pass' : 'fail',
    journeys: network.journeys[on ? 'on' : 'off'],
  });
  const showDemo = (demo: DemoState): DemoState => {
    change({ demo });
    return demo;
  };
  const requireDemo = (): DemoState => {
    if (snapshot.demo === null) throw new HostError({ code: 'lab-not-running', message: 'no demo is open' });
    return snapshot.demo;
  };
  const hintsOf = (lab: string): ResultOf<'lab.hint'> => {
    const all = hints[lab] ?? [];
    return { seen: all.slice(0, seen.get(lab) ?? 0), total: all.length };
  };

  if (beginning.lab !== null) snapshot = { ...snapshot, network: networkAt(beginning.lab) };
  return {
    async call(name, args) {
      // A real call takes a turn too.
      await Promise.resolve();
      const failure = beginning.failures[name];
      if (failure !== undefined) throw new HostError({ code: 'fault', message: failure, hint: 'breakwater doctor' });
      const told = beginning.answers[name] === undefined ? acts[name] : undefined;
      return told === undefined ? answer(name, args) : told(args);
    },
    on(name, listener) {
      const those = listeners.get(name) ?? new Set();
      listeners.set(name, those.add(listener as (event: never) => void));
      return () => those.delete(listener as (event: never) => void);
    },
    async openTerminal({ node }) {
      const terminal = `t${snapshot.terminals.length + 1}`;
      change({ terminals: [...snapshot.terminals, { terminal, node }] });
      return fakeTerminal(
        terminal,
        node,
        () => outdate(`commands were run on ${node}`),
        () => tell('terminal.ended', { terminal, exitCode: 0 }),
      );
    },
  };
}

function eventAt({ run, timeline }: RecordedRun, moment: Moment, wanted: (check: string) => boolean): RunEvent {
  const [lab] = run.labs;
  if (lab === undefined) throw new Error('a recorded run has no lab');
  const findings = moment.phase === 'now' ? lab.findings : lab.afterRestart;
  switch (moment.type) {
    case 'run.started':
      return {
        type: 'run.started',
        runId: run.id,
        topology: run.topology,
        subject: run.subject,
        folder: '/recorded',
        labs: [{ id: lab.lab, title: lab.title, checks: timeline.length }],
      };
    case 'lab.started': {
      const checks = (moment.checks ?? []).filter(wanted).flatMap((id) => {
        const finding = lab.findings.find((it) => it.check === id);
        return finding === undefined ? [] : [{ id, kind: finding.kind, title: finding.title }];
      });
      return { type: 'lab.started', lab: lab.lab, title: lab.title, phase: moment.phase, checks };
    }
    case 'check.started':
      return { type: 'check.started', lab: lab.lab, check: moment.check ?? '', phase: moment.phase };
    case 'check.judged': {
      const finding = findings.find((it) => it.check === moment.check);
      if (finding === undefined) throw new Error(`a recorded run has no finding of ${moment.check}`);
      return { type: 'check.judged', phase: moment.phase, finding };
    }
    case 'lab.judged':
      return { type: 'lab.judged', result: lab };
    case 'run.finished':
      return { type: 'run.finished', run, folder: '/recorded' };
  }
}

function summarise({ id, startedAt, durationMs, subject, verdict, interrupted, labs }: Run): ResultOf<'run.list'>[0] {
  return {
    id,
    startedAt,
    durationMs,
    subject,
    verdict,
    interrupted,
    labs: labs.map((it) => ({
      lab: it.lab,
      title: it.title,
      verdict: it.verdict,
      persistence: it.persistence,
      held: it.findings.filter((finding) => finding.verdict === 'pass').length,
      checks: it.findings.length,
    })),
  };
}

function blobOf(content: string): string {
  return content.length.toString(16).padStart(40, '0');
}

/** A shell that knows its prompt, echoes what is typed, and leaves when asked. */
function fakeTerminal(terminal: string, node: string, onEnter: () => void, end: () => void): TerminalConnection {
  const prompt = `\u001B[1mroot@${node}\u001B[0m:~# `;
  let show: (text: string) => void = () => {};
  let line = '';
  return {
    terminal,
    onBytes(listener) {
      show = (text) => listener(new TextEncoder().encode(text), () => {});
      show(prompt);
    },
    write(text) {
      for (const key of text) {
        if (key === '\r') {
          onEnter();
          if (line.trim() === 'exit') return end();
          show(`\r\n${line === '' ? '' : `${line.split(' ')[0]}: recorded shells run nothing\r\n`}${prompt}`);
          line = '';
        } else if (key === '\u007F') {
          if (line !== '') show('\b \b');
          line = line.slice(0, -1);
        } else {
          show(key);
          line += key;
        }
      }
    },
    resize: async () => {},
    close: async () => {},
  };
}
