import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { configPathProblem, contentProblem, requireConfigPath } from '#core/model/config-file.ts';

describe('configPathProblem', () => {
  test.each([
    'pe1/etc/nftables.conf',
    'mx1/etc/postfix/main.cf',
    'ns1/etc/bind/db.isp.example',
    'pe1/etc/systemd/dev-\\x2d.device',
    'pe1/etc/frr/with space',
  ])('accepts %s', (path) => {
    expect(configPathProblem(path)).toBeUndefined();
  });

  test.each([
    ['/etc/passwd', 'does not start with the name of a node'],
    ['../etc/passwd', 'does not start with the name of a node'],
    ['pe1/usr/bin/vtysh', 'does not lie below etc/'],
    ['pe1/etc', 'does not lie below etc/'],
    ['pe1/etc/', 'empty'],
    ['pe1/etc/../../x', '".."'],
    ['pe1/etc//x', 'empty'],
    ['pe1/etc/.git/config', '.git'],
    ['pe1/etc/.GIT/config', '.git'],
    ['pe1/etc/a\nb', 'control character'],
    ['pe1/etc/"quoted"', 'double quote'],
    ['pe1/etc/frr/frr.conf.sav', 'leave behind'],
    ['pe1/etc/.main.cf.swp', 'leave behind'],
  ])('refuses %j', (path, reason) => {
    expect(configPathProblem(path)).toContain(reason);
  });

  test('takes a zone for what it is, and a table that postmap compiled for what somebody else makes', () => {
    expect(configPathProblem('ns1/etc/bind/zones/isp.example.db')).toBeUndefined();
    expect(contentProblem('ns1/etc/bind/zones/isp.example.db', Buffer.from('$TTL 300\n'))).toBeUndefined();
    expect(contentProblem('mx/etc/postfix/virtual.db', Buffer.from([0x61, 0x15, 0x06, 0]))).toContain('compiled');
    expect(contentProblem('www/etc/www/logo.png', Buffer.from([0, 1]))).toBeUndefined();
  });

  test('lets no path out of etc/ of its node, whatever it is made of', () => {
    const part = fc.oneof(
      fc.constantFrom('pe1', 'etc', '..', '.', '', '.git', 'frr.conf', '~'),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = parts.join('/');
        if (configPathProblem(path) !== undefined) return;
        expect(new URL(path.split('/').map(encodeURIComponent).join('/'), 'file:///configs/').pathname).toMatch(
          /^\/configs\/[a-z][a-z0-9-]*\/etc\/./,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

test('a refusal says what was found, why, and what would be right', () => {
  expect(() => requireConfigPath('pe1/usr/bin/vtysh')).toThrow(
    '"pe1/usr/bin/vtysh" is not a configuration file: it does not lie below etc/ of its node',
  );
});
