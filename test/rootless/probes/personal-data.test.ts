import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('policy/data-protection')), 600_000);
afterAll(async () => lab?.close());

const params = {
  person: {
    from: 'a1',
    visits: 'https://www.isp.example/',
    writes: { server: 'mx', sender: 'carol@cust-a.example', recipient: 'alice@isp.example' },
    asks: { resolver: 'res1', below: 'remote.example' },
  },
  machines: ['www', 'mx', 'res1', 'irr', 'noc', 'log'],
  register: { node: 'noc', file: '/etc/desk/personal-data.yml' },
};
const days = {
  ...params,
  needed: 7,
  most: 30,
  others: ['a1', 'remote'],
  theirs: [{ machine: 'mx', path: '/var/mail/virtual' }],
};
const harm = async (probe: string, more: object): Promise<string[]> => {
  const { attempts } = await lab.observe(probe, more);
  const tries = attempts.filter((it) => it.role === 'try');
  expect(tries.length).toBeGreaterThan(0);
  expect(tries.every((it) => it.sent)).toBe(true);
  expect(attempts.filter((it) => it.role === 'canary' && !it.succeeded)).toEqual([]);
  return tries.filter((it) => it.succeeded).map((it) => it.label);
};
const traced = (): Promise<string[]> => harm('trace-person', { ...params, today: '2026-12-01' });
const kept = (): Promise<string[]> => harm('pass-days', { ...days, harm: 'kept' });
const passedOn = (): Promise<string[]> => harm('pass-days', { ...days, harm: 'passed-on' });
const told = async (): Promise<boolean[]> => {
  const { attempts } = await lab.observe('pass-days', days, { kind: 'service' });
  return attempts.filter((it) => it.role === 'try').map((it) => it.succeeded);
};

test('a log that the register does not know is found, and so is a machine that there is not', async () => {
  const wrong = await traced();
  expect(wrong).toContain('/var/cache/bind/questions.log of res1 is kept, and the register does not know it');
  expect(wrong).toContain('the register has /var/log/radius/radacct of radius, and there is no such thing');
  expect(wrong.some((it) => it.includes('access.log'))).toBe(false);
});

test('logs that stay are found, and who gets them', async () => {
  expect(await kept()).toContain('/var/log/nginx/access.log of www is kept longer than the register says');
  expect(await passedOn()).toEqual([
    'the daily jobs pass it on to somebody at remote',
    'www sends it to somebody outside',
  ]);
});

test('what goes out packed is found as well', async () => {
  await lab.run(
    'www',
    `cat >/etc/cron.daily/visitor-report <<'EOT'
#!/bin/sh
gzip -c /var/log/nginx/access.log.1 >/tmp/visitors.gz
swaks --silent 3 --server mail.remote.example --from webmaster@isp.example --to visitors@remote.example --attach @/tmp/visitors.gz
EOT`,
  );
  expect(await passedOn()).toEqual([
    'the daily jobs pass it on to somebody at remote',
    'www sends it to somebody outside',
  ]);
});

test('at the baseline nothing goes wrong, and a complaint can be answered', async () => {
  await lab.become('baseline');
  expect(await traced()).toEqual([]);
  expect(await kept()).toEqual([]);
  expect(await passedOn()).toEqual([]);
  expect(await told()).toEqual([true, true, true, true]);
});

test('the machines themselves are as before: no day has passed, no mail is left, no folder is mounted', async () => {
  const state = (node: string): Promise<string> =>
    lab.run(node, 'ls /var/log /var/log/nginx /var/log/remote 2>/dev/null; cat /var/lib/logrotate/status 2>/dev/null');
  const before = await Promise.all(['www', 'mx', 'log'].map(state));
  await kept();
  expect(await Promise.all(['www', 'mx', 'log'].map(state))).toEqual(before);
  expect(before.join('')).not.toMatch(/\.log\.1/);
  for (const node of ['mx', 'remote', 'a1']) expect(await lab.run(node, 'find /var/mail -type f'), node).toBe('');
  expect(await lab.run('mx', 'grep /run/breakwater/days /proc/self/mounts')).toBe('');
});

test('several look at the same time, and each finds his own', async () => {
  expect(await Promise.all([traced(), kept(), passedOn()])).toEqual([[], [], []]);
});

test('logs that are gone before the complaint comes are missed', async () => {
  await lab.run('www', 'sed -i "s/rotate 14/rotate 3/" /etc/logrotate.d/nginx');
  expect(await told()).toEqual([false, false, true, true]);
});

test('a web server that is down proves nothing', async () => {
  await lab.run('www', 'service nginx stop');
  const { attempts } = await lab.observe('pass-days', { ...days, harm: 'passed-on' });
  expect(attempts.some((it) => it.role === 'canary' && !it.succeeded)).toBe(true);
});

test('without its tools it is an error, and no verdict', async () => {
  await lab.run('mx', 'mv /usr/bin/faketime /usr/bin/faketime.away');
  await expect(kept()).rejects.toThrow(/faketime/);
  await lab.run('mx', 'mv /usr/bin/faketime.away /usr/bin/faketime; rm /usr/lib/breakwater/attacks/find-traces');
  await expect(traced()).rejects.toThrow(/find-traces/);
});
