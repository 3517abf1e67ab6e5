import { expect, test } from 'vitest';

import { planSmuggles } from '#core/probes/smuggle-mail.ts';

import { referencePlan } from './reference-plan.ts';

const params = {
  server: 'mx',
  from: 'remote',
  sender: 'mallory@remote.example',
  recipient: 'alice@isp.example',
  forgedSender: 'accounts@remote.example',
  forgedRecipient: 'bob@isp.example',
};

test('each false end stands once in a message, and the true one at its end', () => {
  const smuggles = planSmuggles(params, referencePlan(), 'abc');
  expect(smuggles.map(({ role, family }) => `${role} ${family}`)).toEqual([
    ...Array<string>(3).fill('try v4'),
    'canary v4',
    ...Array<string>(3).fill('try v6'),
    'canary v6',
  ]);
  const [bare, half, other] = smuggles.map((it) => it.data);
  expect(bare).toContain('hello\n.\nMAIL FROM:<accounts@remote.example>\r\nRCPT TO:<bob@isp.example>\r\nDATA\r\n');
  expect(half).toContain('hello\n.\r\nMAIL FROM');
  expect(other).toContain('hello\r\n.\nMAIL FROM');
  for (const { data } of smuggles) expect(data.match(/\r\n\.\r\n/g)).toHaveLength(1);
});

test('the hidden message has a mark of its own', () => {
  const smuggles = planSmuggles(params, referencePlan(), 'abc');
  const marks = smuggles.flatMap(({ token, hidden }) => (hidden === undefined ? [token] : [token, hidden]));
  expect(new Set(marks).size).toBe(14);
  expect(marks.every((mark) => /^abc-[a-z0-9]+$/.test(mark))).toBe(true);
});
