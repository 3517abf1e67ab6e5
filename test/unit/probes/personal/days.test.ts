import { expect, test } from 'vitest';

import { keptTooLong, lookDays, passedOn } from '#core/probes/personal/days.ts';
import type { Trace } from '#core/probes/personal/person.ts';
import type { Store } from '#core/probes/personal/register.ts';

const at = (machine: string, path: string): Trace => ({ machine, path, lines: ['a line'] });
const web = at('www', '/var/log/access.log');
const mailbox = at('mx', '/var/mail/alice/new/1');
const theirs = [{ machine: 'mx', path: '/var/mail' }];
const kept = (stores: readonly Store[], days: Record<number, Trace[]>): string[] =>
  keptTooLong(
    { most: 30, theirs, machines: ['www', 'mx'] },
    {
      before: [web, mailbox],
      days: new Map(Object.entries(days).map(([day, traces]) => [Number(day), traces])),
      stores,
    },
  )
    .filter((it) => it.succeeded)
    .map((it) => it.seen);

test('somebody looks on the day of the complaint, and on the day after each last one', () => {
  const stores = [
    { machine: 'www', path: '/var/log/access.log', days: 14 },
    { machine: 'mx', path: '/var/log/mail.log', days: 90 },
    { machine: 'mx', path: '/var/mail' },
  ];
  expect(lookDays([web, mailbox, at('mx', '/var/log/mail.log')], stores, { needed: 7, most: 30 })).toEqual([7, 15]);
  expect(lookDays([], [], { needed: 7, most: 30 })).toEqual([7]);
});

test('a log is gone on the day after its last one, also under another name', () => {
  const stores = [{ machine: 'www', path: '/var/log/access.log', days: 14 }];
  expect(kept(stores, { 7: [web], 15: [mailbox] })).toEqual([]);
  expect(kept(stores, { 7: [web], 15: [at('www', '/var/log/access.log.15.gz')] })).toEqual([
    'the register says 14 days, and on the next /var/log/access.log.15.gz still has it',
  ]);
});

test('a log without a last day, or with one that is too far, is kept too long', () => {
  const path = '/var/log/access.log';
  expect(kept([{ machine: 'www', path }], { 7: [] })).toEqual(['the register does not say for how many days']);
  expect(kept([{ machine: 'www', path, days: 365 }], { 7: [] })).toEqual([
    'the register says 365 days, and nobody needs more than 30',
  ]);
});

test('what nobody has declared is kept too long, and so is a copy that turns up later', () => {
  expect(kept([], { 7: [web] })).toEqual(['the register does not know it, and it is still there after 7 days']);
  const stores = [{ machine: 'www', path: '/var/log/access.log', days: 14 }];
  expect(kept(stores, { 7: [web, at('www', '/srv/copy')], 15: [] })).toEqual(['the register does not know it']);
});

test('what turns up after the jobs was passed on, unless the register has the place', () => {
  const seen = (after: Trace[]): string[] =>
    passedOn(
      { machines: ['www', 'mx'], others: ['remote'], theirs },
      { before: [web, mailbox], after, stores: [{ machine: 'mx', path: '/srv/backup' }, ...theirs] },
    )
      .filter((it) => it.succeeded)
      .map((it) => it.to);
  expect(seen([web, mailbox, at('mx', '/srv/backup/access.log')])).toEqual([]);
  expect(seen([web, mailbox, at('remote', '/var/mail/x'), at('mx', '/var/mail/bob/new/2')])).toEqual(['mx', 'remote']);
});
