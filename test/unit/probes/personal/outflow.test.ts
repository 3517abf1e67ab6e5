import { expect, test } from 'vitest';

import { outflowsIn } from '#core/probes/personal/outflow.ts';

import { cooked, ip, tcp, udp } from '../packets.ts';
import { referencePlan } from '../reference-plan.ts';

const mx = '192.0.2.4';
const left = (packet: Buffer): Buffer => cooked('out', packet);
const flows = (...frames: Buffer[]): ReturnType<typeof outflowsIn> =>
  outflowsIn('mx', frames, referencePlan(), 'n0nce');

test('what a machine sends to somebody outside is seen, whether it names the person or not', () => {
  expect(
    flows(
      left(ip(mx, '198.51.100.10', 17, udp(4000, 514, '<22>mail of n0nce'))),
      left(ip(mx, '198.51.100.10', 17, udp(4000, 514, 'more'))),
      left(
        ip('2001:db8:0:1::4', '2001:db8:500:1::10', 6, Buffer.concat([tcp(4001, 443, 0x18), Buffer.from('sealed')])),
      ),
    ),
  ).toEqual([
    { machine: 'mx', to: '198.51.100.10', port: 514, bytes: 21, named: true },
    { machine: 'mx', to: '2001:db8:500:1::10', port: 443, bytes: 6, named: false },
  ]);
});

test('answers, what comes in, and what stays among our own machines is nothing that left', () => {
  expect(
    flows(
      left(ip(mx, '192.0.2.35', 17, udp(4000, 514, 'n0nce'))),
      left(ip(mx, '192.0.2.130', 6, Buffer.concat([tcp(25, 4000, 0x18), Buffer.from('250 n0nce')]))),
      left(ip(mx, '198.51.100.10', 6, tcp(4000, 25, 0x02))),
      cooked('in', ip('198.51.100.10', mx, 17, udp(4000, 514, 'n0nce'))),
      left(ip('127.0.0.1', '127.0.0.1', 17, udp(4000, 514, 'n0nce'))),
    ),
  ).toEqual([]);
});
