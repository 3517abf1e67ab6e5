import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = {
  server: 'mx',
  domain: 'isp.example',
  alsoDomains: ['cust-a.example'],
  from: 'evil',
  alsoFrom: ['lg'],
  sink: 'remote',
  victim: 'victim@remote.example',
  canary: 'alice@isp.example',
};
const leftovers = `find /var/mail/virtual -path '*/new/*' -o -path '*/cur/*'; postqueue -j`;
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('mail/open-relay')), 600_000);
afterAll(async () => lab?.close());

test('an open relay is seen in the mailbox of the third party, over both families', async () => {
  const { attempts, evidence } = await lab.observe('relay-mail', params);
  const through = attempts.filter((it) => it.role === 'try' && it.succeeded);
  expect(through.filter((it) => it.label === 'a stranger writes to a stranger').map((it) => it.family)).toEqual([
    'v4',
    'v6',
  ]);
  expect(through[0]?.seen).toMatch(/found in remote:\/var\/mail\/virtual\/victim\/new\//);
  expect(evidence.map((it) => it.kind)).toEqual(['transcript', 'table', 'log']);
  expect(String(lab.kept.get('smtp-dialogues.txt'))).toContain('C: RCPT TO:<victim@remote.example>');
});

test('afterwards no mailbox and no queue holds a message of ours', async () => {
  for (const node of ['mx', 'remote']) expect(await lab.run(node, leftovers)).toBe('');
});

test('a bounce to a forged sender is seen at the one who was forged', async () => {
  await lab.become('baseline');
  await lab.run('mx', 'postconf -e smtpd_reject_unlisted_recipient=no && postfix reload');
  const { attempts } = await lab.observe('relay-mail', { ...params, ports: [25] });
  const through = attempts.filter((it) => it.role === 'try' && it.succeeded).map((it) => it.label);
  expect([...new Set(through)]).toEqual([
    'backscatter: forged sender, unknown user of ours',
    'backscatter: forged sender, unknown user at cust-a.example',
  ]);
  await lab.run('mx', 'postconf -e smtpd_reject_unlisted_recipient=yes && postfix reload');
});

test('a closed relay refuses every form, and takes what is for its own users', async () => {
  const { attempts } = await lab.observe('relay-mail', params);
  expect(attempts.filter((it) => !it.sent).map((it) => it.label)).toEqual([]);
  expect(attempts.filter((it) => it.role === 'try' && it.succeeded).map((it) => it.label)).toEqual([]);
  expect(attempts.filter((it) => it.role === 'canary' && !it.succeeded).map((it) => it.label)).toEqual([]);
});

test('a cancelled battery leaves no mail behind', async () => {
  const controller = new AbortController();
  const battery = lab.observe('relay-mail', params, { signal: controller.signal });
  const outcome = battery.then(
    () => 'ended',
    () => 'cancelled',
  );
  await lab.run('mx', `timeout 10 sh -c 'until find /var/mail/virtual/alice/new -type f | grep -q .; do :; done'`);
  controller.abort();
  expect(await outcome).toBe('cancelled');
  for (const node of ['mx', 'remote']) expect(await lab.run(node, leftovers)).toBe('');
});
