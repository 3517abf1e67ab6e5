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
  expect(hasEffect('recursion', foreign, answer('NOERROR', 'qr rd ra', { answer: [record] }), false)).toBe(true);
  expect(hasEffect('recursion', foreign, answer('SERVFAIL', 'qr rd ra'), false)).toBe(true);
  expect(hasEffect('recursion', foreign, answer('REFUSED', 'qr rd'), true)).toBe(true);
  expect(hasEffect('recursion', foreign, undefined, true)).toBe(true);
  expect(hasEffect('recursion', foreign, answer('REFUSED', 'qr rd'), false)).toBe(false);
});

test('foreign data is a record of the cache', () => {
  expect(hasEffect('foreign-data', foreign, answer('NOERROR', 'qr', { answer: [record] }), false)).toBe(true);
  expect(hasEffect('foreign-data', foreign, answer('NOERROR', 'qr', { authority: [rootNs] }), false)).toBe(false);
});

test('an upward referral names the servers of a domain above, the root included', () => {
  expect(hasEffect('upward-referral', foreign, answer('NOERROR', 'qr', { authority: [rootNs] }), false)).toBe(true);
  expect(
    hasEffect(
      'upward-referral',
      foreign,
      answer('NOERROR', 'qr', { authority: ['example. 1 IN NS ns.remote.example.'] }),
      false,
    ),
  ).toBe(true);
  expect(
    hasEffect('upward-referral', foreign, answer('NOERROR', 'qr', { authority: ['mote.example. 1 IN NS x.'] }), false),
  ).toBe(false);
  expect(hasEffect('upward-referral', foreign, answer('REFUSED', 'qr'), false)).toBe(false);
});

test('an authoritative answer has AA, the type, and the data that was asked for', () => {
  const good = answer('NOERROR', 'qr aa', { answer: ['mx.isp.example. 3600 IN A 192.0.2.4'] });
  expect(hasEffect('authoritative', { ...ours, data: '192.0.2.4' }, good, false)).toBe(true);
  expect(hasEffect('authoritative', { ...ours, data: '192.0.2.9' }, good, false)).toBe(false);
  expect(hasEffect('authoritative', { ...ours, type: 'AAAA' }, good, false)).toBe(false);
  expect(hasEffect('authoritative', ours, { ...good, flags: ['qr', 'ra'] }, false)).toBe(false);
});

test('a referral is not authoritative and names the delegated zone', () => {
  const delegated = { name: 'www.cust-b.isp.example', type: 'A' };
  const authority = ['cust-b.isp.example. 3600 IN NS ns.cust-b.isp.example.'];
  expect(hasEffect('referral', delegated, answer('NOERROR', 'qr', { authority }), false)).toBe(true);
  expect(hasEffect('referral', { ...delegated, data: 'cust-c' }, answer('NOERROR', 'qr', { authority }), false)).toBe(
    false,
  );
  expect(hasEffect('referral', delegated, answer('NOERROR', 'qr aa', { authority }), false)).toBe(false);
});

test('a denial counts from the authority alone', () => {
  expect(hasEffect('nxdomain', ours, answer('NXDOMAIN', 'qr aa'), false)).toBe(true);
  expect(hasEffect('nxdomain', ours, answer('NXDOMAIN', 'qr ra'), false)).toBe(false);
});

test('resolved means looked up for us', () => {
  expect(hasEffect('resolved', foreign, answer('NOERROR', 'qr rd ra', { answer: [record] }), false)).toBe(true);
  expect(hasEffect('resolved', foreign, answer('NOERROR', 'qr aa', { answer: [record] }), false)).toBe(false);
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
    expect(hasEffect(effect, ours, undefined, false)).toBe(false);
});
