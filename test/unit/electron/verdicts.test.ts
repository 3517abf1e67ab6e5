import { beforeEach, describe, expect, test } from 'vitest';

import { createTruth, type Truth } from '../../../electron/main/truth.ts';
import { type Verdicts, watchVerdicts, type Witness } from '../../../electron/main/verdicts.ts';

type JudgedRun = Parameters<Witness['since']>[0];

/** What stands on this computer: the configuration, the network, and when a command was last run on a node. */
let world: { tree: string; network: string | undefined; touchedAt: string; runs: JudgedRun[] };
let truth: Truth;
let verdicts: Verdicts;

beforeEach(() => {
  world = { tree: 'a', network: 'n1', touchedAt: '', runs: [] };
  const touched = async ({ startedAt }: JudgedRun): Promise<string[]> =>
    world.touchedAt > startedAt ? ['commands were run'] : [];
  truth = createTruth('1.0.0', () => {});
  verdicts = watchVerdicts(
    {
      since: async (run) => [
        ...(world.network === run.judged?.network ? [] : ['network']),
        ...(world.tree === run.judged?.tree ? [] : ['configuration']),
        ...(await touched(run)),
      ],
      touched,
      runs: async () => world.runs,
    },
    truth,
  );
});

const now = () => truth.snapshot().verdicts;
const run = (id: string, startedAt: string): JudgedRun => ({
  id,
  startedAt,
  judged: { tree: world.tree, network: world.network ?? '' },
});

/** A run from its start to its end, with something that happens in between. */
async function check(id: string, startedAt: string, meanwhile: () => void = () => {}): Promise<void> {
  const made = run(id, startedAt);
  verdicts.begin(id);
  meanwhile();
  await verdicts.end(made);
}

describe('a verdict', () => {
  test('is current from the start of its run, and stays so while nothing happens', async () => {
    verdicts.begin('r1');
    expect(now()).toEqual({ runs: ['r1'], since: [] });
    await verdicts.end(run('r1', '1'));
    await verdicts.look();
    await verdicts.look('briefly');
    expect(now()).toEqual({ runs: ['r1'], since: [] });
  });

  test.each([
    ['the configuration is another', () => (world.tree = 'b'), 'configuration'],
    ['the network was started again', () => (world.network = 'n2'), 'network'],
    ['the network is gone', () => (world.network = undefined), 'network'],
    ['commands were run', () => (world.touchedAt = '2'), 'commands were run'],
  ])('is outdated when %s, also when all is as before again', async (_, happen, why) => {
    await check('r1', '1');
    const before = { ...world };
    happen();
    await verdicts.look();
    expect(now()).toEqual({ runs: [], since: [why] });
    world = before;
    await verdicts.look();
    expect(now()).toEqual({ runs: [], since: [why] });
  });

  test('is outdated by what is done in the window, at once', async () => {
    await check('r1', '1');
    verdicts.outdate('the lab was reset');
    expect(now()).toEqual({ runs: [], since: ['the lab was reset'] });
    verdicts.outdate('the lab was reset', 'the solution was laid out');
    expect(now().since).toEqual(['the lab was reset', 'the solution was laid out']);
  });

  test('of a run during which something changed was never current', async () => {
    await check('r1', '1', () => (world.tree = 'b'));
    expect(now()).toEqual({ runs: [], since: ['configuration'] });
    await check('r2', '2', () => verdicts.outdate('commands were run on pe1'));
    expect(now()).toEqual({ runs: [], since: ['commands were run on pe1'] });
  });

  test('stands beside that of another check of the same network, and not beside one of before a change', async () => {
    await check('r1', '1');
    await check('r2', '2');
    expect(now().runs).toEqual(['r1', 'r2']);
    verdicts.outdate('the lab was reset');
    await check('r3', '3');
    expect(now()).toEqual({ runs: ['r3'], since: [] });
  });

  test('where none is current nothing outdates it', () => {
    verdicts.outdate('the lab was reset');
    expect(now()).toEqual({ runs: [], since: [] });
  });
});

describe('a window that opens', () => {
  test('recalls the last verdict where it is about what is there', async () => {
    world.runs = [run('r3', '3'), run('r2', '2')];
    await verdicts.recall();
    expect(now()).toEqual({ runs: ['r3'], since: [] });
    world.tree = 'b';
    await verdicts.look();
    expect(now().runs).toEqual([]);
  });

  test('and none about what is no more, or of before the last command', async () => {
    world.runs = [run('r2', '2'), run('r1', '1')];
    world.touchedAt = '1.5';
    await verdicts.recall();
    expect(now().runs).toEqual(['r2']);
    world.touchedAt = '3';
    truth.change({ verdicts: { runs: [], since: [] } });
    await verdicts.recall();
    expect(now()).toEqual({ runs: [], since: ['commands were run'] });
  });

  test('knows nothing of runs that do not tell what they judged', async () => {
    const { judged: _, ...untold } = run('r1', '1');
    world.runs = [untold];
    await verdicts.recall();
    expect(now().runs).toEqual([]);
  });
});
