import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Appliance, openAppliance } from '#core/appliance/appliance.ts';
import { diagnose } from '#core/appliance/diagnose.ts';
import { openTransientNetwork, type TransientNetwork } from '#core/appliance/transient.ts';
import { treesOf } from '#core/appliance/up.ts';
import { formatDaemonDiagnostic, refusalsIn } from '#core/model/daemon-diagnostic.ts';

let appliance: Appliance;
let isp: TransientNetwork;

beforeAll(async () => {
  appliance = await openAppliance('test');
  await appliance.image();
  isp = await openTransientNetwork(appliance, {
    purpose: 'daemons-test',
    nodes: [...appliance.topology.nodes.keys()],
    tree: async (workspace) => workspace.importTree(await appliance.baseline()),
  });
}, 600_000);

afterAll(async () => isp?.close());

describe('nobody refuses what the project lays out', () => {
  test('the baseline', async () => {
    expect(refusalsIn(await diagnose(isp.network, {})).map(formatDaemonDiagnostic)).toEqual([]);
  });

  test('the start and each other right fix of every lab', async () => {
    const { network, workspace } = isp;
    const { baseline } = await treesOf(appliance, workspace, undefined);
    const refused: string[] = [];
    for (const lab of appliance.labs.values()) {
      const { start } = await treesOf(appliance, workspace, lab);
      const trees = new Map([['start', start]]);
      for (const patch of lab.accept) trees.set(`accept/${patch.name}`, await workspace.applyPatch(start, patch));
      for (const [name, tree] of trees) {
        // Only laid out: what a daemon says of its files it says whether it runs on them or not.
        const changes = await workspace.checkout(tree, name);
        const nodes = [...new Set(changes.map((it) => it.path.split('/')[0] ?? ''))];
        await Promise.all(nodes.map((node) => network.node(node).exec(['/usr/lib/breakwater/link-config'])));
        const found = refusalsIn(await diagnose(network, { nodes })).filter((it) => it.severity === 'refused');
        refused.push(...found.map((it) => `${lab.id} ${name}: ${formatDaemonDiagnostic(it)}`));
      }
    }
    await workspace.checkout(baseline, 'back');
    expect(refused).toEqual([]);
  }, 600_000);
});
