import { expect, test } from 'vitest';

import { commandsOf, parseTaken, planAnnouncements } from '#core/probes/bgp-announce.ts';
import { plannedSessions } from '#core/probes/bgp/sessions.ts';

import { referencePlan } from './reference-plan.ts';

const sessions = plannedSessions(referencePlan(), 'br1', 'peer1');
const announce = [{ label: 'private', prefixes: ['10.1.2.0/24', 'fd00:0009::/48'], path: [] as number[] }];

test('a prefix is announced in one spelling over the session of its family', () => {
  expect(planAnnouncements({ announce }, sessions).map(({ prefix, session }) => [prefix, session.remote])).toEqual([
    ['10.1.2.0/24', '100.64.50.2'],
    ['fd00:9::/48', '2001:db8:1900::2'],
  ]);
  expect(planAnnouncements({ announce }, sessions.slice(0, 1))).toHaveLength(1);
});

test('what is announced is withdrawn', () => {
  const { announce: say, withdraw } = commandsOf(planAnnouncements({ announce }, sessions), 64501, sessions);
  expect(say).toContain("-c 'no bgp network import-check'");
  expect(say.match(/-c 'network \S+'/g)).toHaveLength(2);
  expect(withdraw.match(/-c 'no network \S+'/g)).toHaveLength(2);
  expect(withdraw).toContain("-c 'bgp network import-check'");
});

test('a forged path is put behind its prefixes, and taken back after them', () => {
  const leak = [{ label: 'of the peer', prefixes: ['203.0.113.0/24'], path: [64501, 64500] }];
  const { announce: say, withdraw } = commandsOf(
    planAnnouncements({ announce: [...announce, ...leak] }, sessions),
    64501,
    sessions,
  );
  expect(say.match(/set as-path prepend/g)).toHaveLength(1);
  expect(say).toContain("-c 'set as-path prepend 64501 64500'");
  expect(say.indexOf('neighbor 100.64.50.1 route-map')).toBeLessThan(say.indexOf("'network 203.0.113.0/24'"));
  expect(say).not.toContain('neighbor 2001:db8:1900::1 route-map');
  expect(withdraw.indexOf('no network 203.0.113.0/24')).toBeLessThan(withdraw.indexOf('no neighbor 100.64.50.1'));
  expect(withdraw).toMatch(/'no route-map (\S+)' -c 'no ip prefix-list \1-0'$/);
});

test('what a router remembers for dampening is not taken', () => {
  const text = `{ "routes": { "10.0.0.0/8": [{"history":true}], "203.0.113.0/24": [{"valid":true,"bestpath":true}] } }`;
  expect(parseTaken(text)).toEqual(['203.0.113.0/24']);
  expect(parseTaken(text, 'bestpath')).toEqual(['203.0.113.0/24']);
});

test.each(['% No such neighbor or address family\n', ''])('nothing is taken where bgpd says %j', (text) => {
  expect(parseTaken(text)).toEqual([]);
});
