import { expect, test } from 'vitest';

import { planLetters, relayMail } from '#core/probes/relay-mail.ts';

import { referencePlan } from './reference-plan.ts';

const params = (over: object = {}): Parameters<typeof planLetters>[0] =>
  relayMail.params.parse({
    server: 'mx',
    domain: 'isp.example',
    from: 'evil',
    alsoFrom: ['a1'],
    sink: 'remote',
    victim: 'victim@remote.example',
    canary: 'alice@isp.example',
    ...over,
  }) as Parameters<typeof planLetters>[0];

test('every form goes out over both families, and every letter is found again by a token of its own', () => {
  const letters = planLetters(params(), referencePlan(), 'nonce');
  const [v4, v6] = (['v4', 'v6'] as const).map((family) => letters.filter((it) => it.family === family));
  expect(v4?.map((it) => it.label)).toEqual(v6?.map((it) => it.label));
  expect(new Set(letters.map((it) => it.token)).size).toBe(letters.length);
  expect(new Set(v6?.filter((it) => it.server === 'mx').map((it) => it.host))).toEqual(new Set(['2001:db8:0:1::4']));
});

test('each place that tries has a canary over each family', () => {
  const letters = planLetters(params(), referencePlan(), 'nonce');
  for (const from of ['evil', 'a1']) {
    const canaries = letters.filter((it) => it.role === 'canary' && it.from === from && it.server === 'mx');
    expect(canaries.map((it) => it.family)).toEqual(['v4', 'v6']);
  }
});

test('the sink has a canary as well, or silence there could be its own fault', () => {
  const letters = planLetters(params(), referencePlan(), 'nonce');
  expect(letters.filter((it) => it.role === 'canary' && it.server === 'remote').map((it) => it.recipient)).toEqual([
    'victim@remote.example',
    'victim@remote.example',
  ]);
});

test('other ports and other places try the plain forms only', () => {
  const letters = planLetters(params(), referencePlan(), 'nonce').filter(
    (it) => it.family === 'v4' && it.role === 'try',
  );
  expect(letters.filter((it) => it.port === 587).map((it) => it.recipient)).toEqual([
    'victim@remote.example',
    'victim@remote.example',
  ]);
  expect(letters.filter((it) => it.from === 'a1').map((it) => it.sender)).toEqual([
    'a-nonce@evil.example',
    'ceo@isp.example',
  ]);
});

test('plain means that there is neither syntax nor backscatter', () => {
  const letters = planLetters(params({ forms: 'plain', ports: [25] }), referencePlan(), 'nonce');
  expect(new Set(letters.filter((it) => it.role === 'try').map((it) => it.recipient))).toEqual(
    new Set(['victim@remote.example']),
  );
});
