import { expect, test } from 'vitest';

import type { DnsFrame } from '#core/probes/dns/wire.ts';
import { notifyOf, transferOf } from '#core/probes/zone-sync.ts';

const frame = (over: Partial<DnsFrame>): DnsFrame => ({
  source: '192.0.2.2',
  destination: '198.51.100.10',
  sourcePort: 53,
  destinationPort: 40_000,
  response: true,
  opcode: 0,
  rcode: 0,
  answers: 0,
  name: 'isp.example',
  type: 252,
  ...over,
});

test('a transfer is the answer with records; a refusal is told when there is no better', () => {
  const refused = frame({ rcode: 5 });
  const granted = frame({ answers: 35 });
  expect(transferOf([refused, granted], 'ISP.example')).toBe(granted);
  expect(transferOf([refused], 'isp.example')).toBe(refused);
  expect(transferOf([granted], 'cust-a.example')).toBeUndefined();
  expect(transferOf([frame({ response: false })], 'isp.example')).toBeUndefined();
});

test('a NOTIFY counts when it is answered', () => {
  const asked = frame({ opcode: 4, response: false, type: 6 });
  const answered = frame({ opcode: 4, type: 6 });
  expect(notifyOf([asked], 'isp.example')).toBeUndefined();
  expect(notifyOf([asked, answered], 'isp.example')).toBe(answered);
  expect(notifyOf([frame({ opcode: 4, type: 6, rcode: 9 })], 'isp.example')?.rcode).toBe(9);
});

test('a NOTIFY that is refused with its key and taken without one was heard', () => {
  const refused = frame({ opcode: 4, type: 6, rcode: 9 });
  const repeated = frame({ opcode: 4, type: 6 });
  expect(notifyOf([refused, repeated], 'isp.example')).toBe(repeated);
});
