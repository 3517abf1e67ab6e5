import { expect, test } from 'vitest';

import { probes } from '#core/probes/registry.ts';
import { planLogins } from '#core/probes/ssh-login.ts';
import { sshCommand } from '#core/probes/ssh/login.ts';
import { referencePlan } from './reference-plan.ts';

const kind = { label: 'a login', from: ['noc', 'ns1'], to: ['ns1', 'mx'], user: 'dnsadm', options: [] };

test('every place tries every other machine, over both families, with each key', () => {
  const logins = planLogins({ logins: [kind], canaries: [] }, referencePlan(), new Map([[kind, ['one', 'two']]]));
  expect(logins.map(({ from, to, family, key }) => `${from} ${to} ${family} ${key}`)).toEqual([
    'noc ns1 v4 one',
    'noc ns1 v4 two',
    'noc ns1 v6 one',
    'noc ns1 v6 two',
    'noc mx v4 one',
    'noc mx v4 two',
    'noc mx v6 one',
    'noc mx v6 two',
    'ns1 mx v4 one',
    'ns1 mx v4 two',
    'ns1 mx v6 one',
    'ns1 mx v6 two',
  ]);
});

test('who found no key still knocks', () => {
  const logins = planLogins({ logins: [], canaries: [kind] }, referencePlan(), new Map([[kind, []]]));
  expect(logins).toHaveLength(6);
  expect(logins.every((it) => it.role === 'canary' && it.key === undefined)).toBe(true);
});

test('the command by hand names the file of the key and the way onwards', () => {
  const login = { family: 'v4', address: '192.0.2.4', user: 'mailadm', options: ['Ciphers=aes128-cbc'] } as const;
  expect(sshCommand('noc', { ...login, key: 'secret', forward: '192.0.2.2:53' }, '/etc/ssh/mailadm.key')).toBe(
    'breakwater exec noc -- ssh -i /etc/ssh/mailadm.key -o Ciphers=aes128-cbc -W 192.0.2.2:53 mailadm@192.0.2.4',
  );
  expect(sshCommand('noc', { ...login, password: 'guess' })).toContain('# password: guess');
});

test('a login needs a place, a machine and an account', () => {
  const params = probes.get('ssh-login')?.params;
  expect(params?.safeParse({ logins: [{ label: 'x', from: [], to: ['mx'], user: 'a' }] }).success).toBe(false);
});
