import { expect, test } from 'vitest';

import { planSmuggles, smuggleMail } from '#core/probes/smuggle-mail.ts';

import { referencePlan } from './reference-plan.ts';

const plan = (over: object = {}): ReturnType<typeof planSmuggles> => {
  const params = smuggleMail.params.parse({
    server: 'mx',
    from: ['remote'],
    recipient: 'alice@isp.example',
    forgedRecipient: 'bob@isp.example',
    ...over,
  }) as Parameters<typeof planSmuggles>[0];
  return planSmuggles(params, referencePlan(), 'abc');
};

test('each false end stands once in a message, and the true one at its end', () => {
  const smuggles = plan();
  expect(smuggles.map(({ role, family }) => `${role} ${family}`)).toEqual([
    ...Array<string>(6).fill('try v4'),
    'canary v4',
    ...Array<string>(6).fill('try v6'),
    'canary v6',
  ]);
  const [bare, half, other] = smuggles.map((it) => it.message);
  expect(bare).toContain('hello\n.\nMAIL FROM:<accounts@remote.example>\r\nRCPT TO:<bob@isp.example>\r\nDATA\r\n');
  expect(half).toContain('hello\n.\r\nMAIL FROM');
  expect(other).toContain('hello\r\n.\nMAIL FROM');
  for (const { message } of smuggles) expect(message?.match(/\r\n\.\r\n/g)).toHaveLength(1);
});

test('the hidden message has a mark of its own', () => {
  const marks = plan().flatMap(({ token, hidden }) => (hidden === undefined ? [token] : [token, hidden.token]));
  expect(new Set(marks).size).toBe(26);
  expect(marks.every((mark) => /^abc-[a-z0-9]+$/.test(mark))).toBe(true);
});

test('other places and users who log in try it as well, each with an ordinary message beside it', () => {
  const login = { user: 'bob', password: 'bob-lab', sender: 'bob@isp.example' };
  const smuggles = plan({ from: ['remote', 'lg'], login }).filter((it) => it.family === 'v4');
  const doors = smuggles.map((it) => `${it.from} ${it.port} ${it.role}`);
  expect(doors.slice(7)).toEqual(
    ['lg 25', 'remote 587', 'remote 465'].flatMap((door) => [`${door} try`, `${door} canary`]),
  );
  expect(smuggles.at(-2)).toMatchObject({ sender: 'bob@isp.example', hidden: { sender: 'bob@isp.example' } });
});
