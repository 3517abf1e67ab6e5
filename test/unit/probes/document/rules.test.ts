import { expect, test } from 'vitest';

import { addressesIn, breachOf, linksIn, placeholderIn } from '#core/probes/document/breaches.ts';
import { parseDocument } from '#core/probes/document/parse.ts';
import { addressesTold, troubleOf } from '#core/probes/document/people.ts';
import { resolved } from '#core/probes/document/elsewhere.ts';
import { Rule } from '#core/probes/document/rules.ts';
import { repeatBreach } from '#core/probes/document/same.ts';
import type { Written } from '#core/probes/mail/write-to.ts';

import { referencePlan } from '../reference-plan.ts';

const document = `
version: Version 3.0
published: 28 May 2026
effective: 1 July 2026
expires: 2027-06-01T00:00:00Z
detected: 24 November 2026, 08:10 +01:00
sent: 2026-11-24T07:50:00Z
unzoned: 2026-11-24T07:50:00
customer: [cust-a, Cust_B]
networks: [AS64500, '64501', '64503', '64510']
team: TBD
phone: +44 (0)20 7946-0123
wait: 60 minutes
clause: The policy is part of this contract, and binds you. You may leave within 14 days. We tell you of a change sixty days ahead.
denial: The policy is part of this contract. It does not bind you.
words: This is inappropriate, and nobody knows it.
steps:
  own: { steps: [{ step: notice }, { step: port-filter }] }
  wrong: { steps: [{ step: termination }, { step: notice }] }
chain:
  - { minutes: 15 }
  - { minutes: 1 hour }
prose: We tell our customers what happened. Version 4 holds, and it is in force since 2 July 2026.
`;
const parts = parseDocument(document, 'facts');
const breach = (rule: object): string | undefined =>
  breachOf(Rule.parse({ label: 'x', ...rule }), parts, document, { plan: referencePlan(), today: '2026-11-25' });
const broken = expect.any(String) as string;

test.for([
  [{ at: 'expires', date: { earliest: 1, latest: 365 } }, undefined],
  [{ at: 'expires', date: { latest: 90 } }, 'expires is 2027-06-01T00:00:00Z, 188 days after 2026-11-25'],
  [{ at: 'detected', date: { at: '2026-11-24T07:10:00Z' } }, undefined],
  [{ at: 'detected', date: { at: '2026-11-24T08:10:00Z' } }, broken],
  [{ at: 'unzoned', date: {} }, 'unzoned is "2026-11-24T07:50:00", a time without its zone'],
  [{ at: 'team' }, 'team still has "TBD", which was to be filled in'],
  [{ at: 'owner' }, 'owner is not there, or empty'],
  [{ at: 'effective', since: { at: 'published', least: '1 day' } }, undefined],
  [
    { at: 'published', since: { at: 'effective', least: '1 day' } },
    'published is -34 days after effective; at least 1 day is right',
  ],
  [{ at: 'sent', since: { at: 'detected', most: '60 minutes' } }, undefined],
  [
    { at: 'sent', since: { at: 'detected', most: '30 minutes' } },
    'sent is 40 minutes after detected; at most 30 minutes is right',
  ],
  [{ at: 'detected', since: { at: 'sent', most: '60 minutes' } }, broken],
  [{ at: 'unzoned', since: { at: 'detected', most: '60 minutes' } }, broken],
  [{ at: 'customer', covers: 'customers' }, 'nothing about colo1, colo2'],
  [{ at: 'networks', covers: 'neighbours' }, undefined],
  [{ at: 'customer', oneOf: ['cust-a', 'cust-b'] }, undefined],
  [{ at: 'customer', oneOf: ['cust-a'] }, 'customer.1 is "Cust_B", none of cust-a'],
  [{ at: 'customer', count: 3 }, 'customer.0 stands there 2 times, not 3'],
  [{ at: 'customer', distinct: true }, undefined],
  [{ at: ['customer', 'customer'], distinct: true }, broken],
  [{ at: 'version', version: '3' }, undefined],
  [{ at: 'version', version: '3.1' }, broken],
  [{ at: 'phone', phone: '+44 20 7946 0123' }, undefined],
  [{ at: 'phone', phone: '+44 20 7946 0199' }, broken],
  [{ at: 'wait', duration: { least: '1 hour', most: '1 hour' } }, undefined],
  [{ at: 'wait', duration: { most: '59 minutes' } }, broken],
  [{ at: 'clause', duration: { where: 'chang', least: '30 days' } }, undefined],
  [{ at: 'clause', duration: { where: 'leav', least: '30 days' } }, broken],
  [{ at: 'clause', says: 'bind' }, undefined],
  [{ at: 'denial', says: 'bind|part of' }, 'denial denies it: "It does not bind you."'],
  [{ at: 'words', lacks: String.raw`\bappropriate` }, undefined],
  [{ at: 'words', lacks: String.raw`\b(in)?appropriate` }, 'words has "inappropriate"'],
  [{ at: 'chain.*.minutes', climbs: { of: 'chain', unit: 'minutes' } }, undefined],
  [{ at: ['chain.1.minutes', 'chain.0.minutes'], climbs: { of: 'chain', unit: 'minutes' } }, broken],
  [{ at: 'version', echo: { in: 'prose', pattern: String.raw`\bversion (\d+)` } }, broken],
  [{ at: 'effective', echo: { in: 'prose', pattern: 'since (2 July 2026)' } }, broken],
  [{ at: 'effective', echo: { in: '', pattern: '(1 July 2026)' } }, undefined],
  [{ at: 'prose', words: 40 }, expect.stringContaining('less than 40 words')],
  [{ at: 'prose', matches: 'WE TELL' }, undefined],
  [{ at: '', matches: 'expires' }, undefined],
] as const)('%j: %s', ([rule, expected]) => {
  expect(breach(rule)).toEqual(expected);
});

const ladder = {
  of: 'step',
  order: ['notice', 'port-filter', 'suspension', 'termination'],
  direct: 'emergency',
  through: 'suspension',
};

test('a ladder begins at its lowest rung, climbs, and leaves none out before the last', () => {
  const climb = (steps: string, more = ''): string | undefined =>
    breachOf(
      Rule.parse({ label: 'x', at: 'rules.*.steps', ladder: { ...ladder, reach: ['scanning'] } }),
      parseDocument(
        `rules: { scanning: { steps: [notice, termination] }, one: { steps: [${steps}] ${more} } }`,
        'facts',
      ),
      '',
      { plan: referencePlan(), today: '2026-11-25' },
    );
  expect(climb('notice, port-filter, suspension')).toBeUndefined();
  expect(climb('port-filter, suspension', ', emergency: the harm is stopped')).toBeUndefined();
  for (const wrong of [
    'termination, notice',
    'notice, notice',
    'port-filter, suspension',
    'notice, termination',
    'warning',
    '',
  ])
    expect(climb(wrong), wrong).toEqual(broken);
});

test('what a template left open is seen, and what only looks alike is not', () => {
  for (const open of ['<name of the team>', 'TODO', 'Your Team', '[insert address]', '____', 'to be defined'])
    expect(placeholderIn(`The team is ${open} here`)).toBe(open);
  for (const filled of ['<https://www.isp.example/>', '<security@isp.example>', 'your reports', 'None', '[SECURITY]'])
    expect(placeholderIn(filled)).toBeUndefined();
});

test('a fingerprint is the same with and without colons, and another one is not', () => {
  const here = [{ path: '2.8', value: 'SHA-256 AA:BB\n  CC:DD' }];
  expect(repeatBreach(here, [{ path: 'fingerprint', value: 'aabb ccdd' }])).toBeUndefined();
  expect(repeatBreach(here, [{ path: 'fingerprint', value: 'AA:BB:CC:EE' }])).toBe('does not say "AA:BB:CC:EE"');
  expect(repeatBreach(here, [{ path: 'fingerprint', value: undefined }])).toBe('fingerprint is not there');
});

test('a document promises no shorter time than another one keeps', () => {
  const kept = (text: string): string | undefined =>
    repeatBreach(
      [{ path: 'kept', value: text }],
      [
        { path: 'a', value: '7' },
        { path: 'b', value: '14 days' },
      ],
      { as: 'longest', most: '30 days' },
    );
  for (const text of ['logs for two weeks', 'for 15 days; contracts for three years', 'no log for more than 30 days'])
    expect(kept(text), text).toBeUndefined();
  for (const text of ['logs for a week', 'contracts for three years', 'logs for 31 days', 'as short as possible'])
    expect(kept(text), text).toEqual(broken);
});

test('addresses and links are found in prose and in markup, each once', () => {
  const found = [{ path: 'x', value: 'Write to <mailto:a@isp.example>, a@isp.example or (https://isp.example/x).' }];
  expect(addressesIn(found)).toEqual(['a@isp.example']);
  expect(linksIn(found)).toEqual(['https://isp.example/x']);
});

test('a link leads to a page in whatever form it is written', () => {
  for (const href of [
    'https://www.isp.example/aup.txt',
    '/aup.txt',
    'aup.txt',
    './aup.txt',
    '//www.isp.example/aup.txt#rules',
  ])
    expect(resolved(href, 'https://www.isp.example/'), href).toBe('https://www.isp.example/aup.txt');
  expect(resolved('mailto:a@isp.example', 'https://www.isp.example/')).toBeUndefined();
});

const chain = (steps: string): ReturnType<typeof parseDocument> =>
  parseDocument(`customers: [{ name: cust-b, steps: [${steps}] }]`, 'facts');
const mail = Rule.shape.mail.unwrap().parse({ readers: 'customers', party: 'name', distinct: true });
const written = (recipient: string, ...readBy: string[]): Written =>
  ({
    writing: { from: 'a1', server: 'remote', sender: '', recipient },
    dialogue: { outcome: 'accepted', reply: '250', left: true, letter: { family: 'v4', from: 'a1' } },
    readBy,
    elsewhere: [],
    answers: [],
  }) as unknown as Written;

test('each address belongs to the party beside it, and no two lead to one person', () => {
  const told = (steps: string): ReturnType<typeof addressesTold> => {
    const from = chain(steps);
    const found = ['0', '1'].map((step) => ({
      path: `customers.0.steps.${step}.mail`,
      value: `${step}@cust-b.example`,
    }));
    return addressesTold(mail, found, from, referencePlan());
  };
  const both = told('{ mail: 0@cust-b.example }, { mail: 1@cust-b.example }');
  expect(both.map((it) => [it.party, it.record])).toEqual([
    ['cust-b', 'customers.0'],
    ['cust-b', 'customers.0'],
  ]);
  const end = (one: string, other: string): unknown =>
    troubleOf(mail, both, [written('0@cust-b.example', one), written('1@cust-b.example', other)]);
  expect(end('remote:noc.cust-b', 'remote:owner.cust-b')).toBeUndefined();
  expect(end('remote:noc.cust-b', 'remote:noc.cust-b')).toMatchObject({
    broken: expect.stringContaining('the same person') as string,
  });
  expect(end('remote:noc.cust-b', 'remote:admin.colo2')).toMatchObject({
    broken: expect.stringContaining('not somebody of cust-b') as string,
  });
});
