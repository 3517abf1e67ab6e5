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

test('what lies in the mailboxes is counted for each address, and taken away afterwards', async () => {
  const { attempts } = await lab.observe('spam-run', {
    server: 'mx',
    runs: [{ ...toAlice, guesses: 2, messages: 4, alsoTo: ['bob@isp.example'], most: 7 }],
    canaries: [{ ...toAlice, from: ['remote'] }],
  });
  expect(attempts.map((it) => [it.role, it.family, it.sent, it.succeeded])).toEqual([
    ['try', 'v4', true, true],
    ['try', 'v6', true, true],
    ['canary', 'v4', true, true],
    ['canary', 'v6', true, true],
  ]);
  expect(attempts[0]?.seen).toContain('6 messages from evil, 4 accepted, 8 found in mailboxes of mx');
  expect(await lab.run('mx', leftovers)).toBe('');
});

test('as many as may get through are no success of an attack, and in a service check all have to', async () => {
  const params = { server: 'mx', runs: [{ ...toAlice, messages: 4, oneConnection: true, most: 4 }] };
  const abuse = await lab.observe('spam-run', params);
  expect(abuse.attempts.map((it) => it.succeeded)).toEqual([false, false]);
  const service = await lab.observe(
    'spam-run',
    { server: 'mx', runs: [{ ...toAlice, guesses: 1 }] },
    { kind: 'service' },
  );
  expect(service.attempts.map((it) => it.succeeded)).toEqual([true, true]);
});

test('a bot that does not listen gets in where nobody waits for it, and is refused by the baseline', async () => {
  const params = { server: 'mx', runs: [{ ...toAlice, early: true }] };
  const before = await lab.observe('spam-run', params);
  expect(before.attempts.map((it) => it.succeeded)).toEqual([true, true]);
  await lab.become('baseline');
  const after = await lab.observe('spam-run', params);
  expect(after.attempts.map((it) => [it.sent, it.succeeded, it.proof])).toEqual([
    [true, false, 'answered'],
    [true, false, 'answered'],
  ]);
  expect(String(lab.kept.get('smtp-dialogues.txt'))).toContain('S: 554 5.5.0');
});

test('a server that makes everybody wait for its greeting serves those who wait', async () => {
  await lab.run(
    'mx',
    `cd /etc/postfix && sed -i 's/^smtp      inet.*/smtp inet n - y - 1 postscreen\\nsmtpd pass - - y - - smtpd/' master.cf && \
      postconf -e postscreen_greet_action=enforce && postfix reload`,
  );
  const { attempts } = await lab.observe(
    'spam-run',
    { server: 'mx', runs: [{ ...toAlice, from: ['colo2'] }] },
    { kind: 'service' },
  );
  expect(attempts.map((it) => it.succeeded)).toEqual([true, true]);
});

test('a server that does not listen was knocked at, and has refused nothing', async () => {
  await lab.run('mx', 'nft insert rule inet host input tcp dport 25 drop');
  const runs = [toAlice, { ...toAlice, early: true }];
  const { attempts } = await lab.observe('spam-run', { server: 'mx', runs });
  expect(attempts.map((it) => [it.sent, it.succeeded, it.proof])).toEqual(
    Array.from({ length: 4 }, () => [true, false, 'canary']),
  );
});
