import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const toAlice = {
  label: 'to alice',
  from: ['evil'],
  sender: 'win@evil.example',
  recipient: 'alice@isp.example',
  arrivesAt: 'mx',
};
const leftovers = `find /var/mail/virtual -path '*/new/*' -o -path '*/cur/*'; postqueue -j`;
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('mail/anti-ube-measures')), 600_000);
afterAll(async () => lab?.close());

test('what lies in the mailbox is counted over both families, and taken away afterwards', async () => {
  const { attempts } = await lab.observe('spam-run', {
    server: 'mx',
    runs: [{ ...toAlice, guesses: 2, messages: 4, most: 7 }],
    canaries: [{ ...toAlice, from: ['remote'] }],
  });
  expect(attempts.map((it) => [it.role, it.sent, it.succeeded])).toEqual([
    ['try', true, true],
    ['canary', true, true],
  ]);
  expect(attempts[0]?.seen).toContain('12 messages from evil, 8 accepted, 8 found in mailboxes of mx');
  expect(await lab.run('mx', leftovers)).toBe('');
});

test('as many as may get through are no success of an attack, and in a service check all have to', async () => {
  const params = { server: 'mx', runs: [{ ...toAlice, messages: 4, most: 8 }] };
  const abuse = await lab.observe('spam-run', params);
  expect(abuse.attempts.map((it) => it.succeeded)).toEqual([false]);
  const service = await lab.observe(
    'spam-run',
    { server: 'mx', runs: [{ ...toAlice, guesses: 1 }] },
    { kind: 'service' },
  );
  expect(service.attempts.map((it) => it.succeeded)).toEqual([true]);
});

test('a bot that does not listen gets in where nobody waits for it, and is refused by the baseline', async () => {
  const params = { server: 'mx', runs: [{ ...toAlice, early: true }] };
  const before = await lab.observe('spam-run', params);
  expect(before.attempts.map((it) => it.succeeded)).toEqual([true]);
  await lab.become('baseline');
  const after = await lab.observe('spam-run', params);
  expect(after.attempts.map((it) => [it.sent, it.succeeded])).toEqual([[true, false]]);
  expect(String(lab.kept.get('smtp-dialogues.txt'))).toContain('S: 503 5.5.0');
});

test('a server that does not listen has refused nothing', async () => {
  await lab.run('mx', 'nft insert rule inet host input tcp dport 25 drop');
  const { attempts } = await lab.observe('spam-run', { server: 'mx', runs: [toAlice, { ...toAlice, early: true }] });
  expect(attempts.map((it) => [it.sent, it.succeeded])).toEqual([
    [false, false],
    [false, false],
  ]);
});
