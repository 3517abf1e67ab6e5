import { expect, test } from 'vitest';

import { probes } from '#core/probes/registry.ts';
import { planLogins } from '#core/probes/ssh-login.ts';
import { sshCommand } from '#core/probes/ssh/login.ts';
import { referencePlan } from './reference-plan.ts';

const kind = {
  label: 'a login',
  from: ['noc', 'ns1'],
  to: ['ns1', 'mx'],
  user: 'dnsadm',
  options: [],
  except: [],
  inTurn: false,
};

test('every place tries every other machine, over both families, with each key', () => {
  const logins = planLogins({ logins: [kind], canaries: [] }, referencePlan(), new Map([[kind, ['one', 'two']]]));
  const all = logins.map(({ from, to, family, key }) => `${from} ${to} ${family} ${key}`);
  expect(all.toSorted()).toEqual(
    ['noc ns1', 'noc mx', 'ns1 mx']
      .flatMap((way) => ['v4', 'v6'].flatMap((family) => ['one', 'two'].map((key) => `${way} ${family} ${key}`)))
      .toSorted(),
  );
});

test('in turn, each is tried once, over one family or the other', () => {
  const one = { ...kind, from: ['noc'], inTurn: true };
  const logins = planLogins(
    { logins: [one], canaries: [] },
    referencePlan(),
    new Map([[one, ['one', 'two', 'three']]]),
  );
  expect(logins.map(({ to, key }) => `${to} ${key}`).toSorted()).toEqual(
    ['ns1', 'mx'].flatMap((to) => ['one', 'two', 'three'].map((key) => `${to} ${key}`)).toSorted(),
  );
  expect(new Set(logins.map((it) => it.family)).size).toBe(2);
});

test('a class is every address of it, but for those from which it is allowed', () => {
  const one = { ...kind, from: ['operations', 'customer-links'], except: ['noc'], to: ['mx'] };
  const logins = planLogins({ logins: [one], canaries: [] }, referencePlan(), new Map());
  expect(new Set(logins.map((it) => it.from))).toEqual(new Set(['log', 'cea', 'ceb']));
  expect(logins.map((it) => it.source)).toContain('100.64.1.6');
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
