import { expect, test } from 'vitest';

import { parseVersions } from '#core/image/versions.ts';

test('upstream versions of what is installed are read from the list of packages', () => {
  const status = `Package: dovecot-core
Status: install ok installed
Version: 1:2.4.1+dfsg1-6+deb13u7
Description: a server

Package: frr
Version: 10.3-3+deb13u1

Package: openssh-server
Version: 1:10.0p1-7+deb13u4

Package: something-else
Version: 1.0`;
  expect(parseVersions(status).map((it) => [it.name, it.version])).toEqual([
    ['FRR', '10.3'],
    ['Dovecot', '2.4.1'],
    ['OpenSSH', '10.0p1'],
  ]);
});
