import { expect, test } from 'vitest';

import { parseDocument } from '#core/probes/document/parse.ts';
import { addressesIn, breachOf, linksIn, placeholderIn, repeatBreach, Rule } from '#core/probes/document/rules.ts';

import { referencePlan } from '../reference-plan.ts';

const document = `
expires: 2027-06-01T00:00:00Z
detected: 2026-11-24T08:10:00+01:00
sent: 2026-11-24T07:50:00Z
customer: [cust-a, cust-b]
networks: ['64500', '64501', '64503', '64510']
team: TBD
prose: We tell our customers what happened, and what they can do.
`;
const breach = (rule: object): string | undefined =>
  breachOf(Rule.parse({ label: 'x', ...rule }), parseDocument(document, 'yaml'), document, {
    plan: referencePlan(),
    today: '2026-11-25',
  });

test.for([
  [{ at: 'expires', date: { earliest: 1, latest: 365 } }, undefined],
  [{ at: 'expires', date: { latest: 90 } }, 'expires is 2027-06-01T00:00:00Z, 188 days after 2026-11-25'],
  [{ at: 'team' }, 'team still has "TBD", which was to be filled in'],
  [{ at: 'owner' }, 'owner is not there, or empty'],
  [{ at: 'sent', since: { at: 'detected', minutes: 60 } }, undefined],
  [{ at: 'sent', since: { at: 'detected', minutes: 30 } }, 'sent is 40 minutes after detected; 0 to 30 are right'],
  [{ at: 'detected', since: { at: 'sent', minutes: 60 } }, 'detected is -40 minutes after sent; 0 to 60 are right'],
  [{ at: 'customer', covers: 'customers' }, 'nothing about colo1, colo2'],
  [{ at: 'networks', covers: 'neighbours' }, undefined],
  [{ at: 'customer', oneOf: ['cust-a'] }, 'customer.1 is "cust-b", none of cust-a'],
  [{ at: 'customer', count: 3 }, 'customer.0 stands there 2 times, not 3'],
  [{ at: 'prose', words: 20 }, expect.stringContaining('less than 20 words')],
  [{ at: 'prose', matches: 'WE TELL' }, undefined],
  [{ at: 'prose', lacks: 'customers?' }, 'prose has "customers"'],
  [{ at: '', matches: 'expires' }, undefined],
] as const)('%j: %s', ([rule, expected]) => {
  expect(breach(rule)).toEqual(expected);
});

test('what a template left open is seen, and what only looks alike is not', () => {
  for (const open of ['<name of the team>', 'TODO', 'Your Team', '[insert address]', '____', 'to be defined'])
    expect(placeholderIn(`The team is ${open} here`)).toBe(open);
  for (const filled of ['<https://www.isp.example/>', '<security@isp.example>', 'your reports', 'None', '[SECURITY]'])
    expect(placeholderIn(filled)).toBeUndefined();
});

test('a fingerprint is the same with and without colons, and another one is not', () => {
  const here = [{ path: '2.8', value: 'SHA-256 AA:BB\n  CC:DD' }];
  expect(repeatBreach(here, [{ path: 'fingerprint', value: 'AA:BB:CC:DD' }])).toBeUndefined();
  expect(repeatBreach(here, [{ path: 'fingerprint', value: 'AA:BB:CC:EE' }])).toBe('does not say "AA:BB:CC:EE"');
  expect(repeatBreach(here, [{ path: 'fingerprint', value: undefined }])).toBe('fingerprint is not there');
});

test('addresses and links are found in prose and in markup, each once', () => {
  const found = [
    { path: 'x', value: 'Write to <a href="mailto:a@isp.example">a@isp.example</a> or (https://isp.example/x).' },
  ];
  expect(addressesIn(found)).toEqual(['a@isp.example']);
  expect(linksIn(found)).toEqual(['https://isp.example/x']);
});
