import { expect, test } from 'vitest';

import { readCalls } from '#core/probes/bgp/calls.ts';

import { cooked, ip, tcp } from '../packets.ts';

const [attacker, victim] = ['100.64.50.3', '100.64.50.1'];
const [fin, syn, rst, ack] = [1, 2, 4, 16];
const from = (port: number, flags: number): Buffer => cooked('in', ip(attacker, victim, 6, tcp(port, 179, flags)));
const to = (port: number, flags: number): Buffer => cooked('out', ip(victim, attacker, 6, tcp(179, port, flags)));
const calls = (there: Buffer[], here = there): unknown => readCalls(here, there, { attacker, victim });

test('calls that nobody takes have arrived, and nothing stands', () => {
  const unheard = { sent: 2, arrived: 2, back: 0, open: 0, pending: 0, refused: false };
  expect(calls([from(1000, syn), from(1001, syn)])).toEqual(unheard);
  expect(calls([], [from(1000, syn), from(1001, syn)])).toEqual({ ...unheard, arrived: 0 });
});

test('a connection stands until the victim ends it', () => {
  const standing = [from(1000, syn), to(1000, syn | ack), from(1000, ack)];
  expect(calls(standing)).toMatchObject({ open: 1, refused: false });
  expect(calls([...standing, from(1000, fin | ack)])).toMatchObject({ open: 1, refused: false });
  expect(calls([...standing, to(1000, fin | ack)])).toMatchObject({ open: 0, refused: true });
  expect(calls([from(1000, syn), to(1000, rst | ack)])).toMatchObject({ open: 0, refused: true });
});

test('the victim may call, too', () => {
  const called = cooked('out', ip(victim, attacker, 6, tcp(2000, 179, syn)));
  const taken = cooked('in', ip(attacker, victim, 6, tcp(179, 2000, syn | ack)));
  expect(calls([called])).toMatchObject({ sent: 0, arrived: 0, back: 1, open: 0 });
  // An answer that a packet filter kept from the victim is not acknowledged.
  expect(calls([called, taken])).toMatchObject({ back: 1, open: 0, pending: 1 });
  const acknowledged = cooked('out', ip(victim, attacker, 6, tcp(2000, 179, ack)));
  expect(calls([called, taken, acknowledged])).toMatchObject({ back: 1, open: 1 });
});
