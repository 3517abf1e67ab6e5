import { expect, test } from 'vitest';

import { parseDecision } from '#core/probes/bgp/decision.ts';

const paths = (...reasons: (string | undefined)[]): string =>
  JSON.stringify({
    paths: reasons.map((it) => (it === undefined ? {} : { bestpath: { overall: true, selectionReason: it } })),
  });

test.each([
  ['Local Pref', true],
  ['Weight', true],
  ['Older Path', false],
  ['AS Path', false],
  ['Peer Type', false],
])('a route that is best by %s is so by policy: %s', (reason, byPolicy) => {
  expect(parseDecision(paths(undefined, reason))).toEqual({ compared: true, reason, byPolicy });
});

test.each([paths('First path received'), paths(undefined, 'First path received'), paths(undefined), '{}', '% none\n'])(
  'nothing has been compared: %s',
  (text) => {
    expect(parseDecision(text).compared).toBe(false);
  },
);
