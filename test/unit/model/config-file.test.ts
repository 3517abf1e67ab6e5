import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { configPathProblem, requireConfigPath } from '#core/model/config-file.ts';

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
    ['mx1/etc/aliases.db', 'leave behind'],
    ['pe1/etc/.main.cf.swp', 'leave behind'],
  ])('refuses %j', (path, reason) => {
    expect(configPathProblem(path)).toContain(reason);
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
