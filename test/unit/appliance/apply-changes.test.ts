import { expect, test } from 'vitest';

import { touchedServices } from '#core/appliance/apply-changes.ts';

test('changes are told as names below /etc, by node, each once', () => {
  const changes = [
    'pe1/etc/frr/frr.conf',
    'pe1/etc/frr/daemons',
    'pe1/etc/nftables.conf',
    'mx/etc/postfix/sasl/smtpd.conf',
  ].map((path) => ({ path, status: 'modified' as const }));
  expect(touchedServices(changes)).toEqual(
    new Map([
      ['pe1', ['frr', 'nftables.conf']],
      ['mx', ['postfix']],
    ]),
  );
  expect(touchedServices([]).size).toBe(0);
});
