import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('systems/known-vulnerabilities')), 600_000);
afterAll(async () => lab?.close());

const params = {
  server: 'mx',
  from: ['remote', 'colo1'],
  recipient: 'alice@isp.example',
  forgedRecipient: 'bob@isp.example',
};

test('a server that is not strict about the end of a message takes two', async () => {
  const { attempts } = await lab.observe('smuggle-mail', params);
  const tries = attempts.filter((it) => it.role === 'try');
  expect(tries.some((it) => it.succeeded)).toBe(true);
  expect(attempts.filter((it) => !it.sent)).toEqual([]);
  expect(await lab.run('mx', 'grep -rl "Breakwater" /var/mail/virtual; true')).toBe('');
});

test('a strict one takes one, and the canary arrives', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('smuggle-mail', params);
  expect(attempts.filter((it) => it.role === 'try' && it.succeeded).map((it) => it.seen)).toEqual([]);
  expect(attempts.filter((it) => it.role === 'canary').map((it) => it.succeeded)).toEqual([true, true, true, true]);
});
