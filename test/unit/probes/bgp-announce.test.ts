import { expect, test } from 'vitest';

import { parseTaken } from '#core/probes/bgp-announce.ts';
import {
  type Announcement,
  batchesOf,
  commandsOf,
  planAnnouncements,
  type PlannedAnnouncement,
} from '#core/probes/bgp/announcements.ts';
import { plannedSessions } from '#core/probes/bgp/sessions.ts';

import { draws } from './draws.ts';
import { referencePlan } from './reference-plan.ts';

const sessions = plannedSessions(referencePlan(), 'br1', 'peer1');
const announce = [{ label: 'private', prefixes: ['10.1.2.0/24', 'fd00:0009::/48'] }];
type Said = Partial<Announcement>;
const plan = (said: Said[], over = sessions, from = 'peer1'): PlannedAnnouncement[] =>
  planAnnouncements(
    said.map((it) => ({ path: [], paths: ['own'], ...it })),
    from,
    over,
    referencePlan(),
    draws(),
  );

test('a prefix is announced in one spelling over the session of its family', () => {
  expect(plan(announce).map(({ prefix, session }) => [prefix, session.remote])).toEqual([
    ['10.1.2.0/24', '100.64.50.2'],
    ['fd00:9::/48', '2001:db8:1900::2'],
  ]);
  expect(plan(announce, sessions.slice(0, 1))).toHaveLength(1);
});

test('what is announced is withdrawn', () => {
  const { announce: say, withdraw } = commandsOf(plan(announce), 64501, sessions);
  expect(say).toContain("-c 'no bgp network import-check'");
  expect(say.match(/-c 'network \S+'/g)).toHaveLength(2);
  expect(withdraw.match(/-c 'no network \S+'/g)).toHaveLength(2);
  expect(withdraw).toContain("-c 'bgp network import-check'");
});

test('a forged path is put behind its prefixes, and taken back after them', () => {
  const leak = [{ label: 'of others', prefixes: ['198.51.100.0/24'], path: [64501, 64500] }];
  const { announce: say, withdraw } = commandsOf(plan([...announce, ...leak]), 64501, sessions);
  expect(say.match(/set as-path prepend/g)).toHaveLength(1);
  expect(say).toContain("-c 'set as-path prepend 64501 64500'");
  expect(say.indexOf('neighbor 100.64.50.1 route-map')).toBeLessThan(say.indexOf("'network 198.51.100.0/24'"));
  expect(say).not.toContain('neighbor 2001:db8:1900::1 route-map');
  expect(withdraw.indexOf('no network 198.51.100.0/24')).toBeLessThan(withdraw.indexOf('no neighbor 100.64.50.1'));
  expect(withdraw).toMatch(/'no route-map (\S+)' -c 'no ip prefix-list \1-0'$/);
});

test('what a neighbour announces rightly is never withdrawn', () => {
  expect(plan([{ prefixes: ['203.0.113.0/24', '2001:0db8:501::/48'] }])).toEqual([]);
  const own = ['203.0.113.0/24', '2001:db8:501::/48'];
  const all = plan([{ claim: 'others' }, { claim: 'pieces' }, { claim: 'wider' }, { claim: 'ours' }]);
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter((it) => own.includes(it.prefix))).toEqual([]);
});

test('a claim is made with each kind of path, and not with one that is true', () => {
  const paths = (from: string, over: typeof sessions, prefix: string): string[] =>
    plan([{ claim: 'others', paths: ['own', 'true', 'long'] }], over, from)
      .filter((it) => it.prefix === prefix)
      .map((it) => it.path.join(' '));
  expect(paths('peer1', sessions, '198.51.100.0/24')).toEqual(['', '64500', '64510 64500']);
  // Customer B is a customer of the peer, too.
  expect(paths('peer1', sessions, '2001:db8:510::/48')).toEqual(['', '64500 64510']);
  const [customer] = [plannedSessions(referencePlan(), 'pe1', 'ceb')];
  expect(paths('ceb', customer, '203.0.113.0/24')).toEqual(['', '64501', '64500 64501']);
});

test('the first batch has some of everything and fits in the room, and no prefix stands twice in one', () => {
  const planned = plan([{ claim: 'special-use' }, { claim: 'others', paths: ['own', 'true'] }]);
  const batches = batchesOf(planned, () => 9);
  expect(batches.flat().toSorted(byPrefix)).toEqual(planned.toSorted(byPrefix));
  const [first = []] = batches;
  expect(first.filter((it) => it.session.family === 'v4')).toHaveLength(9);
  expect(new Set(first.map((it) => it.label.split(' ').at(-1))).size).toBeGreaterThan(5);
  for (const batch of batches) expect(new Set(batch.map((it) => it.prefix)).size).toBe(batch.length);
});

function byPrefix(a: PlannedAnnouncement, b: PlannedAnnouncement): number {
  return `${a.prefix} ${a.path.join(' ')}`.localeCompare(`${b.prefix} ${b.path.join(' ')}`);
}

test('what a router remembers for dampening is not taken', () => {
  const text = `{ "routes": { "10.0.0.0/8": [{"history":true}], "203.0.113.0/24": [{"valid":true,"bestpath":true}] } }`;
  expect(parseTaken(text)).toEqual(['203.0.113.0/24']);
  expect(parseTaken(text, 'bestpath')).toEqual(['203.0.113.0/24']);
});

test.each(['% No such neighbor or address family\n', ''])('nothing is taken where bgpd says %j', (text) => {
  expect(parseTaken(text)).toEqual([]);
});
