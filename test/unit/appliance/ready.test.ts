import { join } from 'node:path';

import { expect, test } from 'vitest';

import { expectations } from '#core/appliance/expectations.ts';
import { productFolder } from '#core/exec/paths.ts';
import { loadPlan } from '#core/load/load-plan.ts';
import { loadTopology } from '#core/load/load-topology.ts';
import { addressOf } from '#core/model/plan.ts';

const folder = join(productFolder(), 'topologies', 'isp');
const plan = loadPlan(join(folder, 'plan.yml'), loadTopology(join(folder, 'isp.clab.yml')));

test('a router waits for its sessions with those that are there, and pings nobody', () => {
  const words = expectations(plan, ['br1', 'transit'], 'br1');
  const sessions = plan.nodes['br1']!.bgp.filter((it) => it.node === 'transit').flatMap((it) => it.addresses);
  expect(sessions.length).toBeGreaterThan(0);
  expect(words).toEqual(['bgp', ...sessions]);
});

test('a host waits for every other host in both families, and not for itself', () => {
  const words = expectations(plan, ['br1', 'a1', 'mx', 'fabric'], 'a1');
  expect(words).toEqual(['ping', addressOf(plan, 'mx', 'v4'), addressOf(plan, 'mx', 'v6')]);
});

test('a node alone, a bridge and a stranger wait for nothing', () => {
  expect(expectations(plan, ['a1'], 'a1')).toEqual([]);
  expect(expectations(plan, Object.keys(plan.nodes), 'fabric')).toEqual([]);
  expect(expectations(plan, ['stranger'], 'stranger')).toEqual([]);
});
