import { expect, test } from 'vitest';

import type { Frame } from '#core/probes/pcap.ts';
import { attemptsOf, pathsOf, portScan, readListeners } from '#core/probes/port-scan.ts';

import { readArrivals } from '#core/probes/scan/arrivals.ts';
import { unproven } from '#core/probes/scan/scan.ts';

import { cooked, ip, tcp } from './packets.ts';
import { referencePlan } from './reference-plan.ts';

test('listeners are read from ss, and what only the machine itself reaches is left out', () => {
  const text = `udp   UNCONN 0      0            0.0.0.0:53         0.0.0.0:*
udp   UNCONN 0      0          127.0.0.1:323        0.0.0.0:*
tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*
tcp   LISTEN 0      10     [fe80::1]%eth0:53            [::]:*
tcp   LISTEN 0      5              [::1]:953           [::]:*
tcp   LISTEN 0      100             [::]:25            [::]:*
tcp   LISTEN 0      100                *:2605             *:*
`;
  expect(readListeners(text)).toEqual({ tcp: [22, 53, 25, 2605], udp: [53] });
});

const plan = referencePlan();
const paths = (over: object): ReturnType<typeof pathsOf> =>
  pathsOf(portScan.params.parse({ from: ['evil'], targets: [{ node: 'ns1', tcp: [53] }], ...over }) as never, plan);

test('a class is every machine and address of it, and a node that stands by itself has its own services', () => {
  const targets = [{ node: 'servers' }, { node: 'ns1', tcp: [53] }];
  const all = paths({ from: ['customer-links', 'ns1'], targets });
  expect(new Set(all.map((it) => it.to))).toEqual(new Set(['ns1', 'res1', 'mx', 'www', 'lg', 'irr']));
  expect(all.some((it) => it.to === 'ns1' && it.place.node === 'ns1')).toBe(false);
  expect(new Set(all.filter((it) => it.to === 'ns1').map((it) => it.allowed.tcp))).toEqual(new Set([[53]]));
  expect(new Set(all.map((it) => it.place.address))).toContain('100.64.1.6');
});

test('a port that filters trust is tried beside the usual ones', () => {
  expect(paths({ sourcePorts: [53] }).map((it) => it.sourcePort)).toEqual([undefined, 53, undefined, 53]);
});

const judged = (
  ports: Record<string, { state: 'unsent' | 'silent' | 'open' | 'reset' | 'refused' }>,
  asked: string[] = [],
  answered: string[] = [],
): ReturnType<typeof attemptsOf>[number] | undefined => {
  const [path] = paths({});
  if (path === undefined) throw new Error('no path');
  const key = (port: string): string => `tcp 198.51.100.66 192.0.2.2 ${port}`;
  const arrivals = { asked: new Set(asked.map(key)), answered: new Set(answered.map(key)) };
  return attemptsOf(path, { tcp: ports, udp: {} }, arrivals, plan, 'abuse')[0];
};

test('silence is a refusal only where the machine itself was seen to be asked, each port of it', () => {
  expect(judged({ 53: { state: 'open' }, 7: { state: 'reset' } })).toMatchObject({ proof: 'answered', sent: true });
  expect(judged({ 53: { state: 'open' }, 7: { state: 'silent' }, 9: { state: 'reset' } }, ['7'])).toMatchObject({
    proof: 'counted',
    succeeded: false,
  });
  expect(judged({ 7: { state: 'silent' }, 9: { state: 'silent' } }, ['7'])?.proof).toBeUndefined();
});

test('what was not seen leaving was not sent, and an answer that came too late is one', () => {
  expect(judged({ 7: { state: 'unsent' }, 9: { state: 'reset' } })?.sent).toBe(false);
  expect(judged({ 7: { state: 'silent' } }, ['7'], ['7'])?.succeeded).toBe(true);
});

test('what was not seen to come in is asked once more, and nothing else is', () => {
  const [path] = paths({});
  if (path === undefined) throw new Error('no path');
  const states = { 7: 'silent', 9: 'silent', 22: 'unsent', 25: 'open', 53: 'reset', 79: 'refused' } as const;
  const scanned = Object.fromEntries(Object.entries(states).map(([port, state]) => [port, { state }]));
  const arrivals = { asked: new Set(['tcp 198.51.100.66 192.0.2.2 9']), answered: new Set<string>() };
  expect(unproven(path, { tcp: scanned, udp: {} }, arrivals)).toEqual({ tcp: [7, 22], udp: [] });
  expect(unproven(path, { tcp: scanned, udp: {} })).toEqual({ tcp: [7, 9, 22], udp: [] });
});

test('what came in from another port of the same place proves nothing', () => {
  const [, trusted] = paths({ sourcePorts: [53] });
  if (trusted === undefined) throw new Error('no path');
  const scanned = { tcp: { 7: { state: 'silent' as const } }, udp: {} };
  const other = { asked: new Set(['tcp 198.51.100.66 192.0.2.2 7']), answered: new Set<string>() };
  expect(attemptsOf(trusted, scanned, other, plan, 'abuse')[0]?.proof).toBeUndefined();
  const own = { asked: new Set(['tcp 198.51.100.66 port 53 192.0.2.2 7']), answered: new Set<string>() };
  expect(attemptsOf(trusted, scanned, own, plan, 'abuse')[0]?.proof).toBe('counted');
});

test('arrivals are told apart by the port that they come from, where it is one that filters trust', () => {
  const [evil, ns1, syn, synAck] = ['198.51.100.66', '192.0.2.2', 0x02, 0x12];
  const frames = [
    cooked('in', ip(evil, ns1, 6, tcp(53, 7, syn))),
    cooked('out', ip(ns1, evil, 6, tcp(7, 53, synAck))),
    cooked('in', ip(evil, ns1, 6, tcp(40_000, 9, syn))),
  ].map((bytes) => ({ bytes }) as Frame);
  const { asked, answered } = readArrivals(frames, [53]);
  expect([...asked]).toEqual([`tcp ${evil} port 53 ${ns1} 7`, `tcp ${evil} ${ns1} 9`]);
  expect([...answered]).toEqual([`tcp ${evil} port 53 ${ns1} 7`]);
});
