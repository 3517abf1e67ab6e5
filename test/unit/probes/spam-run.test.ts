import { expect, test } from 'vitest';

import { planRuns } from '#core/probes/mail/run-letters.ts';
import { spamRun } from '#core/probes/spam-run.ts';

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

test('a login sends all of it from every place, on every port and over both families, each letter with a token of its own', () => {
  const runs = plan([
    { ...bulk, from: ['evil', 'colo2'], ports: [587, 465], messages: 3, users: { alice: 'x', dora: 'y' } },
  ]);
  expect(runs.map((it) => it.letters.length)).toEqual([2 * 2 * 2 * 3, 2 * 2 * 2 * 3]);
  expect(new Set(runs.flatMap((it) => it.letters.map((letter) => letter.token))).size).toBe(48);
});

test('who sends without a login is counted by address', () => {
  const runs = plan([{ ...bulk, from: ['evil', 'colo2'], messages: 3 }]);
  expect(runs.map((it) => [it.letters[0]?.source, it.letters.length])).toEqual([
    ['198.51.100.66', 3],
    ['2001:db8:500:1::66', 3],
    ['192.0.2.67', 3],
    ['2001:db8:0:32::2', 3],
  ]);
});

test('a message goes to many at once, and one after the other over one connection', () => {
  const [run] = plan([
    { ...bulk, over: 'v4', alsoTo: ['bob@isp.example'], recipients: 3, messages: 2, oneConnection: true },
  ]);
  expect(run?.letters[0]?.alsoTo).toEqual(['bob@isp.example', 'alice-1@isp.example', 'alice-2@isp.example']);
  expect(new Set(run?.letters.map((it) => it.session)).size).toBe(1);
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
  const [run, canary] = plan([{ ...bulk, users: { alice: 'secret' } }], [{ ...bulk, over: 'v6' }]);
  expect(run?.letters[0]).toMatchObject({ login: { user: 'alice', password: 'secret' } });
  expect(run?.letters[0]).not.toHaveProperty('inClear');
  expect(canary).toMatchObject({ role: 'canary', letters: [{ inClear: true }] });
});
