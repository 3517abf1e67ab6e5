import { expect, test } from 'vitest';

import { readRegister, storeOf } from '#core/probes/personal/register.ts';

const store = (path: string): { machine: string; path: string } => ({ machine: 'www', path });
const belongs = (path: string, file: string, machine = 'www'): boolean =>
  storeOf([store(path)], { machine, path: file }) !== undefined;

test('a file belongs to itself, with what rotation made of it', () => {
  for (const name of ['', '.1', '.2.gz', '-20261125', '-20261125.gz', '-2026-11-25', '.1.xz'])
    expect(belongs('/var/log/nginx/access.log', `/var/log/nginx/access.log${name}`), name).toBe(true);
  for (const other of ['/var/log/nginx/access.log.old', '/var/log/nginx/access2log', '/srv/var/log/nginx/access.log'])
    expect(belongs('/var/log/nginx/access.log', other), other).toBe(false);
});

test('a table has its index', () => {
  expect(belongs('/etc/postfix/relay_recipients', '/etc/postfix/relay_recipients.db')).toBe(true);
  expect(belongs('/etc/postfix/relay_recipients', '/etc/postfix/relay_recipients.bak')).toBe(false);
});

test('a folder has all that is below it, a pattern what it matches', () => {
  expect(belongs('/var/mail/virtual/', '/var/mail/virtual/alice/new/1.M2')).toBe(true);
  expect(belongs('/var/mail', '/var/mailings')).toBe(false);
  expect(belongs('/etc/registry/*.rpsl', '/etc/registry/contacts.rpsl')).toBe(true);
  expect(belongs('/etc/registry/*.rpsl', '/etc/registry/old/contacts.rpsl')).toBe(false);
  expect(belongs('/etc/registry/**.rpsl', '/etc/registry/old/contacts.rpsl')).toBe(true);
});

test('a file of another machine belongs to nobody', () => {
  expect(belongs('/var/log/syslog', '/var/log/syslog', 'mx')).toBe(false);
});

test('a register is read with all that it says, or there is a reason why not', () => {
  expect(readRegister('stores:\n  - { machine: www, path: /srv, days: 7, purpose: none }\n')).toMatchObject({
    stores: [{ machine: 'www', path: '/srv', days: 7 }],
    parts: { stores: [{ purpose: 'none' }] },
  });
  expect(readRegister('stores:\n  - { machine: www, path: /srv, days: long }\n')).toMatch(/^stores\.0\.days /);
  expect(readRegister('stores: [')).toMatch(/^it cannot be read: /);
  expect(readRegister('nothing: here\n')).toMatch(/^stores /);
});

test('a register is read in other forms, with the whole names of machines and times as people say them', () => {
  const hosts = new Map([['www.isp.example', 'www']]);
  const stores = [{ machine: 'www', path: '/srv', days: 14 }];
  expect(
    readRegister('{"stores": [{"days": "two weeks", "path": "/srv", "machine": "WWW.isp.example."}]}', hosts),
  ).toMatchObject({ stores });
  expect(readRegister('machine,path,days\nwww,/srv,14 days\n', hosts)).toMatchObject({ stores });
  expect(
    readRegister('## Stores\n\n| machine | path | days |\n|--|--|--|\n| www | /srv | 2 weeks |\n', hosts),
  ).toMatchObject({ stores });
});
