import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const robot = 'auto-dbm@irr.isp.example';
const route = 'route: 192.0.2.192/26\norigin: AS64496\nmnt-by: EXAMPLE-NOC-MNT\nsource: ISP';
const by = (from: string, key?: string): object => ({
  label: `a route from ${from}`,
  from,
  sender: 'noc@isp.example',
  object: route,
  ...(key === undefined ? {} : { key }),
});
const alice = by('noc', '/etc/pgp/alice.asc');
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('policy/registry-updates')), 600_000);
afterAll(async () => lab?.close());

test('a name alone is believed where MAIL-FROM is, and what it changed is gone afterwards', async () => {
  const { attempts } = await lab.observe('registry-update', { registry: 'irr', robot, updates: [by('evil')] });
  expect(attempts.map(({ sent, succeeded }) => ({ sent, succeeded }))).toEqual([
    { sent: true, succeeded: true },
    { sent: true, succeeded: true },
  ]);
  expect(await lab.run('irr', 'ls /var/lib/registry/journal')).toBe('');
});

test('a filter made from the registry shows a route that was planted', async () => {
  const { attempts } = await lab.observe('registry-filters', { registry: 'irr', from: 'remote', ases: [64510] });
  expect(attempts.map((it) => it.succeeded)).toEqual([true, false]);
  expect(attempts[0]?.seen).toContain('not of AS64510: 192.0.2.128/27');
});

test('where signatures count, a forgery is refused and told so, and a signature is good until the message changes', async () => {
  await lab.become('baseline');
  const changed = { ...alice, changed: ['192.0.2.192/26', '192.0.2.128/26'] };
  const { attempts, evidence } = await lab.observe('registry-update', {
    registry: 'irr',
    robot,
    updates: [by('evil'), by('evil', '/etc/pgp/eve.asc'), changed],
    canaries: [alice],
  });
  expect(attempts.every((it) => it.sent)).toBe(true);
  expect(attempts.filter((it) => it.succeeded).map((it) => it.role)).toEqual(['canary', 'canary']);
  expect(attempts[0]?.seen).toMatch(/needs EXAMPLE-NOC-MNT, .*; whois does not have it$/);
  expect(attempts[4]?.seen).toMatch(/by none of the keys/);
  expect(evidence.map((it) => it.kind)).toEqual(['log', 'transcript']);
});

test('a registry that does not run refuses nothing, and misleads nobody', async () => {
  await lab.run('irr', 'service registry stop; postfix stop');
  const { attempts } = await lab.observe('registry-update', { registry: 'irr', robot, updates: [by('evil')] });
  expect(attempts.map(({ sent, succeeded }) => ({ sent, succeeded }))).toEqual([
    { sent: false, succeeded: false },
    { sent: false, succeeded: false },
  ]);
  const lookups = [{ label: 'our network', query: 'AS64496', object: 'aut-num AS64496' }];
  const lost = await lab.observe('registry-contacts', {
    registry: 'irr',
    from: 'remote',
    lookups,
    mailboxes: ['remote'],
  });
  expect(lost.attempts.map((it) => it.sent)).toEqual([false, false]);
  await lab.run('irr', 'service registry start; postfix start');
});
