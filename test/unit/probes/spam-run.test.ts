import { expect, test } from 'vitest';

import { planRuns, spamRun } from '#core/probes/spam-run.ts';

import { referencePlan } from './reference-plan.ts';

const bulk = {
  label: 'bulk',
  from: ['evil'],
  sender: 'win@evil.example',
  recipient: 'alice@isp.example',
  arrivesAt: 'mx',
};
const plan = (runs: object[], canaries: object[] = []): ReturnType<typeof planRuns> => {
  const params = spamRun.params.parse({ server: 'mx', runs, canaries }) as Parameters<typeof planRuns>[0];
  return planRuns(params, referencePlan(), 'nonce');
};

test('every node sends all of it, on every port and over both families, each letter with a token of its own', () => {
  const [run] = plan([{ ...bulk, from: ['evil', 'colo2'], ports: [587, 465], messages: 3 }]);
  expect(run?.letters).toHaveLength(2 * 2 * 2 * 3);
  expect(new Set(run?.letters.map((it) => it.token)).size).toBe(24);
});

test('guessed names come before the one that exists', () => {
  const [run] = plan([{ ...bulk, guesses: 2 }]);
  expect(run?.letters.filter((it) => it.family === 'v4').map((it) => it.recipient)).toEqual([
    'guess1@isp.example',
    'guess2@isp.example',
    'alice@isp.example',
  ]);
});

test('a login goes over TLS, and bulk without one does not take the time', () => {
  const [run, canary] = plan([{ ...bulk, user: 'alice', password: 'secret' }], [bulk]);
  expect(run?.letters[0]).toMatchObject({ login: { user: 'alice', password: 'secret' } });
  expect(run?.letters[0]).not.toHaveProperty('inClear');
  expect(canary).toMatchObject({ role: 'canary', letters: [{ inClear: true }, { inClear: true }] });
});
