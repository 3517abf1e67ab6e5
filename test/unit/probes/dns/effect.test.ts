import { expect, test } from 'vitest';

import type { Answer } from '#core/probes/dns/dig.ts';
import { hasEffect } from '#core/probes/dns/effect.ts';

const answer = (status: string, flags: string, over: Partial<Answer> = {}): Answer => ({
  status,
  flags: flags.split(' '),
  answer: [],
  authority: [],
  ...over,
});
const foreign = { name: 'www.remote.example', type: 'A' };
const ours = { name: 'mx.isp.example', type: 'A' };
const record = 'www.remote.example. 3600 IN A 198.51.100.10';
const rootNs = '. 3600000 IN NS root.example.';

test('recursion is an answer, the RA flag alone, or a question to others', () => {
  expect(
    hasEffect('recursion', foreign, answer('NOERROR', 'qr rd ra', { answer: [record] }), { askedOthers: false }),
  ).toBe(true);
  expect(hasEffect('recursion', foreign, answer('SERVFAIL', 'qr rd ra'), { askedOthers: false })).toBe(true);
  expect(hasEffect('recursion', foreign, answer('REFUSED', 'qr rd'), { askedOthers: true })).toBe(true);
  expect(hasEffect('recursion', foreign, undefined, { askedOthers: true })).toBe(true);
  expect(hasEffect('recursion', foreign, answer('REFUSED', 'qr rd'), { askedOthers: false })).toBe(false);
});

test('foreign data is a record of the cache', () => {
  expect(
    hasEffect('foreign-data', foreign, answer('NOERROR', 'qr', { answer: [record] }), { askedOthers: false }),
  ).toBe(true);
  expect(
    hasEffect('foreign-data', foreign, answer('NOERROR', 'qr', { authority: [rootNs] }), { askedOthers: false }),
  ).toBe(false);
});

test('an upward referral names the servers of a domain above, the root included', () => {
  expect(
    hasEffect('upward-referral', foreign, answer('NOERROR', 'qr', { authority: [rootNs] }), { askedOthers: false }),
  ).toBe(true);
  expect(
    hasEffect(
      'upward-referral',
      foreign,
      answer('NOERROR', 'qr', { authority: ['example. 1 IN NS ns.remote.example.'] }),
      { askedOthers: false },
    ),
  ).toBe(true);
  expect(
    hasEffect('upward-referral', foreign, answer('NOERROR', 'qr', { authority: ['mote.example. 1 IN NS x.'] }), {
      askedOthers: false,
    }),
  ).toBe(false);
  expect(hasEffect('upward-referral', foreign, answer('REFUSED', 'qr'), { askedOthers: false })).toBe(false);
});

test('an authoritative answer has AA, the type, and the data that was asked for', () => {
  const good = answer('NOERROR', 'qr aa', { answer: ['mx.isp.example. 3600 IN A 192.0.2.4'] });
  expect(hasEffect('authoritative', { ...ours, data: '192.0.2.4' }, good, { askedOthers: false })).toBe(true);
  expect(hasEffect('authoritative', { ...ours, data: '192.0.2.9' }, good, { askedOthers: false })).toBe(false);
  expect(hasEffect('authoritative', { ...ours, type: 'AAAA' }, good, { askedOthers: false })).toBe(false);
  expect(hasEffect('authoritative', ours, { ...good, flags: ['qr', 'ra'] }, { askedOthers: false })).toBe(false);
});

test('a referral is not authoritative and names the delegated zone', () => {
  const delegated = { name: 'www.cust-b.isp.example', type: 'A' };
  const authority = ['cust-b.isp.example. 3600 IN NS ns.cust-b.isp.example.'];
  expect(hasEffect('referral', delegated, answer('NOERROR', 'qr', { authority }), { askedOthers: false })).toBe(true);
  expect(
    hasEffect('referral', { ...delegated, data: 'cust-c' }, answer('NOERROR', 'qr', { authority }), {
      askedOthers: false,
    }),
  ).toBe(false);
  expect(hasEffect('referral', delegated, answer('NOERROR', 'qr aa', { authority }), { askedOthers: false })).toBe(
    false,
  );
});

test('a denial counts from the authority alone', () => {
  expect(hasEffect('nxdomain', ours, answer('NXDOMAIN', 'qr aa'), { askedOthers: false })).toBe(true);
  expect(hasEffect('nxdomain', ours, answer('NXDOMAIN', 'qr ra'), { askedOthers: false })).toBe(false);
});

test('resolved means looked up for us', () => {
  expect(
    hasEffect('resolved', foreign, answer('NOERROR', 'qr rd ra', { answer: [record] }), { askedOthers: false }),
  ).toBe(true);
  expect(hasEffect('resolved', foreign, answer('NOERROR', 'qr aa', { answer: [record] }), { askedOthers: false })).toBe(
    false,
  );
});

test('no answer has no effect', () => {
  for (const effect of [
    'foreign-data',
    'upward-referral',
    'authoritative',
    'referral',
    'nxdomain',
    'resolved',
  ] as const)
    expect(hasEffect(effect, ours, undefined, { askedOthers: false })).toBe(false);
});

test('an answer out of something of its own is authoritative, or as young a second later', () => {
  const asked = { name: 'mail.cust-a.example', type: 'A' };
  const looked = (life: number, flags = 'qr ra'): Answer =>
    answer('NOERROR', flags, { answer: [`mail.cust-a.example. ${life} IN A 192.0.2.130`] });
  const own = (first: Answer, later?: Answer): boolean =>
    hasEffect('own-copy', asked, first, { askedOthers: false, later });
  expect(own(looked(3600, 'qr aa ra'))).toBe(true);
  expect(own(looked(3600), looked(3600))).toBe(true);
  expect(own(looked(3600), looked(3598))).toBe(false);
  expect(own(looked(2), looked(3600))).toBe(false);
  expect(own(looked(3600))).toBe(false);
});
