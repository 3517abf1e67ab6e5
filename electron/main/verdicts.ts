import { history } from '#core/appliance/history.ts';
import type { Appliance } from '#core/appliance/appliance.ts';
import { sinceJudged, touchedSince } from '#core/appliance/since-judged.ts';
import type { Run } from '#core/model/run.ts';
import type { Truth } from './truth.ts';

/** Keeps which verdicts are about the network as it is. Once outdated is outdated, until somebody checks again. */
export interface Verdicts {
  /** A run begins: what happens from now on happens to its verdict. */
  begin(run: string): void;
  /** It has ended, and tells what it judged. */
  end(run: JudgedRun): Promise<void>;
  /** Something was done to the network. */
  outdate(...why: readonly string[]): void;
  /** Looks whether somebody else did: `briefly` for commands on nodes alone, which is all but free. */
  look(briefly?: 'briefly'): Promise<void>;
  /** When the window opens: the last verdict may still hold. */
  recall(): Promise<void>;
}

/** Where it can be seen what has happened since a run. */
export interface Witness {
  since(run: JudgedRun): Promise<readonly string[]>;
  /** Of that, what is seen all but for free. */
  touched(run: JudgedRun): Promise<readonly string[]>;
  /** The trainee's runs, newest first. */
  runs(): Promise<readonly JudgedRun[]>;
}

type JudgedRun = Pick<Run, 'id' | 'judged' | 'startedAt'>;

export function witnessOf(appliance: Appliance, network: string): Witness {
  return {
    since: async (run) => sinceJudged(appliance, network, run),
    touched: async ({ startedAt }) => touchedSince(appliance, network, startedAt),
    runs: async () => (await history(appliance)).runs.filter((it) => it.subject === 'workspace'),
  };
}

export function watchVerdicts(witness: Witness, truth: Pick<Truth, 'snapshot' | 'change'>): Verdicts {
  /** What the oldest verdict that is current was about; the others were about the same. */
  let base: JudgedRun | undefined;
  const show = (runs: readonly string[], since: readonly string[]): void =>
    truth.change({ verdicts: { runs: [...runs], since: [...since] } });

  const outdate = (...why: readonly string[]): void => {
    const { runs, since } = truth.snapshot().verdicts;
    const news = why.filter((it) => !since.includes(it));
    if (news.length === 0 || (runs.length === 0 && since.length === 0)) return;
    base = undefined;
    // The first things that happened are enough to know.
    show([], [...since, ...news].slice(0, 3));
  };
  return {
    outdate,
    begin(run) {
      show([...truth.snapshot().verdicts.runs, run], []);
    },
    async end(run) {
      if (!truth.snapshot().verdicts.runs.includes(run.id)) return;
      base ??= run;
      outdate(...(await witness.since(run)));
    },
    async look(briefly) {
      if (base === undefined) return;
      outdate(...(await (briefly === undefined ? witness.since(base) : witness.touched(base))));
    },
    async recall() {
      const [newest] = await witness.runs();
      if (newest === undefined || truth.snapshot().verdicts.runs.length > 0) return;
      const since = await witness.since(newest);
      if (since.length > 0) return show([], since);
      // Those before it may be of before a reset that led back to the same files.
      base = newest;
      show([newest.id], []);
    },
  };
}
