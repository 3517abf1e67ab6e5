import { expect, test } from 'vitest';

import { journeysOf, type Sighting } from '#core/model/journey.ts';
import type { Attempt } from '#core/model/observation.ts';
import { referencePlan } from '../probes/reference-plan.ts';

const plan = referencePlan();
const always = { from: 0, to: Number.POSITIVE_INFINITY };

const plain: Attempt = {
  label: "192.0.2.130, customer A's mail server",
  role: 'try',
  family: 'v4',
  from: 'ceb',
  to: 'remote',
  sent: true,
  succeeded: false,
  seen: '3 of 3 packets left ceb, 0 arrived on the wire of remote',
  repeat: 'hping3',
};
const forged: Attempt = { ...plain, claims: ['192.0.2.130'] };

function journey(attempt: Attempt, sightings: readonly Sighting[], period = always) {
  const finding = {
    check: 'spoofed',
    title: 'Nobody spoofs',
    kind: 'abuse' as const,
    probe: 'relay-mail',
    attempts: [attempt],
  };
  return journeysOf(finding, sightings, period, plan)[0];
}

/** One packet, seen by one node after the other. */
function packet(nodes: readonly string[], more: Partial<Sighting> = {}): Sighting[] {
  return nodes.map((node, index) => ({
    node,
    at: 10 + index / 1000,
    source: '192.0.2.130',
    destination: '198.51.100.10',
    mark: 'forged',
    ...more,
  }));
}

test('an attempt got as far as the last node that saw it, in the order of time', () => {
  const seen = packet(['ceb', 'pe1', 'p1']).toReversed();
  expect(journey(forged, seen)).toMatchObject({
    seenAt: ['ceb', 'pe1', 'p1'],
    stoppedAt: 'p1',
    path: ['ceb', 'pe1', 'p1', 'br1', 'transit', 'remote'],
    packets: 1,
  });
});

test("packets that the true owner of a claimed address sends are not the attempt's", () => {
  const honest = packet(['a1', 'cea', 'pe1', 'p1', 'br1'], { mark: 'honest' });
  expect(journey(forged, [...honest, ...packet(['ceb', 'pe1'])])?.seenAt).toEqual(['ceb', 'pe1']);
});

test('packets in a name that the attempt does not tell are known by where they were first seen', () => {
  const unnamed = { ...plain, from: 'lg', to: 'br1', label: 'a forged reset to the session with peer1' };
  const reset = packet(['lg', 'br1'], { source: '100.64.50.2', destination: '100.64.50.1', mark: 'reset' });
  const honest = packet(['peer1', 'br1'], { source: '100.64.50.2', destination: '100.64.50.1', mark: 'honest' });
  expect(journey(unnamed, [...honest, ...reset])).toMatchObject({
    path: ['lg', 'br1'],
    seenAt: ['lg', 'br1'],
    stoppedAt: 'br1',
    packets: 1,
  });
});

test('what was seen before or after the check does not count', () => {
  expect(journey(forged, packet(['ceb', 'pe1']), { from: 11, to: 12 })).toMatchObject({
    seenAt: [],
    stoppedAt: null,
  });
});

test('an attempt that never left stays where it is', () => {
  expect(journey({ ...forged, sent: false }, packet(['ceb', 'pe1']))).toMatchObject({ seenAt: [], stoppedAt: null });
});

test('an attempt in its own name is known by the addresses of its sender, in its family alone', () => {
  const honest = { ...plain, label: 'ping from ceb to remote', succeeded: true };
  const v4 = packet(['ceb', 'pe1', 'remote'], { source: '192.0.2.161' });
  const v6 = packet(['ceb', 'peer1'], { source: '2001:db8:b::1', destination: '2001:db8:500:1::10' });
  expect(journey(honest, [...v4, ...v6])).toMatchObject({
    seenAt: ['ceb', 'pe1', 'remote'],
    stoppedAt: null,
  });
});

test('a server that does what it is asked carries the attempt on to the victim', () => {
  const relayed = { ...plain, label: 'a plain address', from: 'evil', to: '192.0.2.4 port 587', succeeded: true };
  const asked = packet(['evil', 'br1', 'mx'], { source: '198.51.100.66', destination: '192.0.2.4', port: 587 });
  const passed = packet(['mx', 'p1', 'remote'], { at: 11, source: '192.0.2.4', port: 25, mark: 'relayed' });
  const name = packet(['mx', 'res1'], { at: 11, source: '192.0.2.4', destination: '192.0.2.3', port: 53, mark: 'dns' });
  expect(journey(relayed, [...asked, ...name, ...passed])).toMatchObject({
    path: ['evil', 'br1', 'mx', 'p1', 'remote'],
    stoppedAt: null,
  });
  expect(journey({ ...relayed, succeeded: false }, [...asked, ...passed])?.path).toEqual(['evil', 'br1', 'mx']);
});

test('a target is found among other words', () => {
  const mail = { ...plain, label: 'a letter', from: 'remote', to: 'alice@isp.example by 192.0.2.4 port 25' };
  const seen = packet(['remote', 'br1', 'mx'], { source: '198.51.100.10', destination: '192.0.2.4', port: 25 });
  expect(journey(mail, seen)?.seenAt).toEqual(['remote', 'br1', 'mx']);
});

test('a target that is no node and no address is not guessed', () => {
  expect(journey({ ...forged, to: 'somewhere' }, [])?.path).toEqual(['ceb']);
});
