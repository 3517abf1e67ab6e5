import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('systems/admin-access')), 600_000);
afterAll(async () => lab?.close());

const mailadm = { label: 'by key', user: 'mailadm', key: { node: 'noc', file: '/etc/ssh/mailadm.key' } };
const password = { label: 'by password', user: 'mailadm', password: 'mailadm' };
const to = ['mx'];

test('a machine that takes everything is entered by key and by password, from everywhere', async () => {
  const { attempts } = await lab.observe('ssh-login', {
    logins: [
      { ...mailadm, from: ['evil', 'noc'], to },
      { ...password, from: ['lg'], to },
    ],
  });
  expect(attempts.filter((it) => !it.sent || !it.succeeded)).toEqual([]);
  expect(attempts.map((it) => it.seen)).toContain('entered by password: mx');
  expect(String(lab.kept.get('ssh-transcripts.txt'))).toContain('Authenticated to 2001:db8:0:1::4');
});

test('it may be gone through to another machine', async () => {
  const { attempts } = await lab.observe('ssh-login', {
    logins: [{ ...mailadm, from: ['noc'], to, forwardTo: { node: 'mx', port: 25 } }],
  });
  expect(attempts.filter((it) => it.role === 'try').map((it) => it.succeeded)).toEqual([false, false]);
  await lab.run('mx', `sed -i 's/^DisableForwarding.*//' /etc/ssh/sshd_config && service ssh restart`);
  const again = await lab.observe('ssh-login', {
    logins: [{ ...mailadm, from: ['noc'], to, forwardTo: { node: 'mx', port: 25 } }],
  });
  expect(again.attempts.filter((it) => it.role === 'try').map((it) => it.seen)).toEqual([
    'entered by publickey: 220 mx.isp.example ESMTP',
    'entered by publickey: 220 mx.isp.example ESMTP',
  ]);
});

test('keys lie in no file while they are used, and the wrong one opens nothing', async () => {
  const { attempts } = await lab.observe('ssh-login', {
    logins: [{ ...mailadm, key: { node: 'noc', file: '/etc/ssh/netadm.key' }, from: ['noc'], to }],
  });
  expect(attempts.filter((it) => it.role === 'try').map(({ sent, succeeded }) => ({ sent, succeeded }))).toEqual([
    { sent: true, succeeded: false },
    { sent: true, succeeded: false },
  ]);
  expect(await lab.run('lg', 'grep -rlsE "BEGIN .*PRIVATE KEY" /root /home /tmp /run; true')).toBe('');
});

test('a filter that keeps silent was knocked at, and the path beside it answers', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('ssh-login', {
    logins: [{ ...mailadm, from: ['evil', 'lg'], to }],
    canaries: [{ ...mailadm, from: ['noc'], to }],
  });
  expect(attempts.filter((it) => it.role === 'try').map(({ sent, succeeded }) => sent && !succeeded)).toEqual(
    Array(4).fill(true),
  );
  expect(attempts.filter((it) => it.role === 'canary' && !it.succeeded)).toEqual([]);
});

test('an sshd that is gone proves nothing', async () => {
  await lab.run('mx', 'service ssh stop');
  const { attempts } = await lab.observe('ssh-login', {
    logins: [{ ...password, from: ['noc'], to }],
    canaries: [{ ...mailadm, from: ['noc'], to }],
  });
  expect(attempts.filter((it) => it.role === 'canary' && it.label.startsWith('by key')).map((it) => it.seen)).toEqual(
    Array(2).fill('closed: [Errno 111] Connection refused'),
  );
});
