import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('response/contact-pages')), 600_000);
afterAll(async () => lab?.close());

const params = {
  server: 'mx',
  to: ['abuse@isp.example', 'security-team@isp.example'],
  readers: { mx: ['alice', 'bob'] },
  atLeast: 2,
  answer: '#[\\w-]*\\d[\\w-]*',
  canary: 'alice@isp.example',
  writers: [{ label: 'a stranger', from: 'remote', sender: 'victim@remote.example' }],
};
const fates = async (): Promise<string[]> => {
  const { attempts } = await lab.observe('write-to-people', params);
  return attempts.map((it) => `${it.label} ${it.family} ${it.sent} ${it.succeeded}: ${it.seen}`);
};

test('a report without an answer, and one that is refused, are harm; a person by name is reached', async () => {
  expect(await fates()).toEqual([
    expect.stringMatching(
      /to abuse@isp.example, is not heard v4 true true: .*has it; the writer gets no answer with a number/,
    ),
    expect.stringMatching(/to abuse@isp.example, is not heard v6 true true: /),
    expect.stringMatching(/to security-team@isp.example, is not heard v4 true true: refused: 550/),
    expect.stringMatching(/to security-team@isp.example, is not heard v6 true true: refused: 550/),
    expect.stringMatching(/by name v4 true true: accepted/),
    expect.stringMatching(/by name v6 true true: accepted/),
  ]);
});

test('a number for each report makes it none, and nothing is left behind', async () => {
  await lab.become('baseline');
  expect((await fates()).slice(0, 2)).toEqual([
    expect.stringMatching(/to abuse@isp.example, is not heard v4 true false: .*answered "\[#\d{8}-\w+\]/),
    expect.stringMatching(/to abuse@isp.example, is not heard v6 true false: .*answered "\[#\d{8}-\w+\]/),
  ]);
  for (const node of ['mx', 'remote']) expect(await lab.run(node, 'find /var/mail/virtual -type f')).toBe('');
});

test('with a mail server that is down nothing was tried', async () => {
  await lab.run('mx', 'postfix stop');
  const { attempts } = await lab.observe('write-to-people', params);
  expect(attempts.every((it) => !it.sent || it.seen.startsWith('closed'))).toBe(true);
  expect(attempts.filter((it) => it.role === 'canary').some((it) => it.succeeded)).toBe(false);
});
