import { expect, test } from 'vitest';

import { durationOf, durationsIn, itemsOf, momentOf, phoneOf, plain, versionOf } from '#core/probes/document/values.ts';

const noon = Date.UTC(2026, 10, 12);

test('a day is the same day in whatever form people write it', () => {
  for (const text of [
    '2026-11-12',
    '12 November 2026',
    'November 12th, 2026',
    '12.11.2026',
    '2026/11/12',
    'Thu, 12 Nov 2026',
    'This is revision 4 of 12 November 2026.',
  ])
    expect(momentOf(text), text).toMatchObject({ atMs: noon, timed: false });
});

test('a time is the same time in every zone, and none without one', () => {
  for (const text of [
    '2026-11-24T07:42:00Z',
    '24 November 2026, 08:42 +01:00',
    '2026-11-24 08:42:00 +01:00',
    '24 Nov 2026 07:42 UTC',
  ])
    expect(momentOf(text), text).toMatchObject({ atMs: Date.UTC(2026, 10, 24, 7, 42), timed: true, zoned: true });
  expect(momentOf('2026-11-24T07:42:00')).toMatchObject({ zoned: false });
});

test('what is no certain day is none', () => {
  for (const text of ['soon', 'next week', 'May 2026', '2026', '31 February 2026', ''])
    expect(momentOf(text), text).toBe('is no date');
  expect(momentOf('5/6/2026')).toBe('can be read as two dates');
  expect(momentOf('2026-05-28 / 2027-05-28')).toBe('says two dates');
  expect(momentOf('25/11/2026')).toMatchObject({ atMs: Date.UTC(2026, 10, 25) });
});

test('a length of time is as long however it is said', () => {
  for (const text of ['1 hour', '60 minutes', 'an hour', 'PT1H', '3600 seconds'])
    expect(durationOf(text), text).toBe(3_600_000);
  for (const text of ['14 days', 'two weeks', '1 fortnight', 'P14D', 'fourteen calendar days'])
    expect(durationOf(text), text).toBe(14 * 86_400_000);
  expect(durationOf('90', 60_000)).toBe(5_400_000);
  expect(durationOf('90')).toBeUndefined();
  expect(durationOf('soon')).toBeUndefined();
  expect(durationsIn('at least sixty days before, or one day')).toEqual([60 * 86_400_000, 86_400_000]);
  expect(durationsIn('1 hour and 30 minutes')).toEqual([90 * 60_000]);
  for (const text of ['mail: two weeks, five weeks', 'a: 2 weeks\n3 days'])
    expect(durationsIn(text), text).toHaveLength(2);
});

test('a number can be called from everywhere, or it is none', () => {
  for (const text of [
    '+44 20 7946 0123',
    '+44 (0)20 7946-0123',
    'tel:+44-20-7946-0123',
    '442079460123',
    '+44 20 7946 0123, at all hours',
  ])
    expect(phoneOf(text), text).toBe('+442079460123');
  for (const text of ['ext. 12', '+1', 'soon']) expect(phoneOf(text), text).toBeUndefined();
});

test('a version, a name and a list are what they mean', () => {
  for (const text of ['3', '3.0', 'v3', 'Version 3', 'Acceptable use 2026, version 3'])
    expect(versionOf(text), text).toBe('3');
  expect(versionOf('version 3.1')).toBe('3.1');
  expect(versionOf('3.10')).toBe('3.10');
  expect(plain('Not_Affected')).toBe(plain('not-affected'));
  expect(itemsOf('cust-a, cust-b, and colo1 and colo2')).toEqual(['cust-a', 'cust-b', 'colo1', 'colo2']);
});
