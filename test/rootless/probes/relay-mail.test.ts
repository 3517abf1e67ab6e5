import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = {
  server: 'mx',
  domain: 'isp.example',
  alsoDomains: ['cust-a.example'],
  namesUs: ['evil.example'],
  from: ['evil'],
  alsoFrom: ['lg', 'customer-links'],
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
  const plain = through.filter((it) => it.label.startsWith('a stranger writes to a stranger, from evil'));
  expect(plain.filter((it) => it.to.endsWith('port 25')).map((it) => it.family)).toEqual(['v4', 'v6']);
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
  const through = attempts.filter((it) => it.role === 'try' && it.succeeded).map((it) => it.label.split(', from')[0]);
  expect([...new Set(through)]).toEqual([
    'backscatter: forged sender, unknown user of ours',
    'backscatter: forged sender, unknown user at cust-a.example',
  ]);
  await lab.run('mx', 'postconf -e smtpd_reject_unlisted_recipient=yes && postfix reload');
});

test('a closed relay refuses every form in its own words, and takes what is for its own users', async () => {
  const { attempts } = await lab.observe('relay-mail', params);
  expect(attempts.filter((it) => it.role === 'try' && it.proof !== 'answered').map((it) => it.seen)).toEqual([]);
  expect(attempts.filter((it) => !it.sent).map((it) => it.label)).toEqual([]);
  expect(attempts.filter((it) => it.role === 'try' && it.succeeded).map((it) => it.label)).toEqual([]);
  expect(attempts.filter((it) => it.role === 'canary' && !it.succeeded).map((it) => it.label)).toEqual([]);
});

test('whoever believes the DNS of strangers relays for them', async () => {
  await lab.run(
    'mx',
    'postconf -e "smtpd_relay_restrictions=permit_mynetworks, permit_mx_backup, reject_unauth_destination" && postfix reload',
  );
  const { attempts } = await lab.observe('relay-mail', { ...params, ports: [25] });
  const through = attempts.filter((it) => it.role === 'try' && it.succeeded).map((it) => it.label.split(', from')[0]);
  expect([...new Set(through)]).toEqual(['a domain that names us as its exchanger, evil.example']);
});

test('a filter that says no has answered, one that says nothing has not, and both were knocked at', async () => {
  const plain = { ...params, forms: 'plain', alsoFrom: [], ports: [587], namesUs: [] };
  const look = async (rule: string): Promise<object[]> => {
    await lab.run('mx', `nft insert rule inet host input tcp dport 587 ${rule}`);
    const { attempts } = await lab.observe('relay-mail', plain, { signal: AbortSignal.timeout(60_000) });
    const tries = attempts.filter((it) => it.role === 'try');
    return [...new Set(tries.map(({ sent, succeeded, proof }) => JSON.stringify({ sent, succeeded, proof })))].map(
      (it) => JSON.parse(it),
    );
  };
  expect(await look('reject with icmpx admin-prohibited')).toEqual([
    { sent: true, succeeded: false, proof: 'answered' },
  ]);
  expect(await look('drop')).toEqual([{ sent: true, succeeded: false, proof: 'canary' }]);
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
