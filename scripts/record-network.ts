import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openAppliance, requireLab } from '#core/appliance/appliance.ts';
import { openDemo } from '#core/appliance/demo.ts';
import type { RecordedNetwork } from '../renderer/host/fake-host.ts';
import { catalogueHandlers } from '../electron/main/handlers/catalogue.ts';
import type { Desk } from '../electron/main/desk.ts';

/** Writes what the window shows of the first lab's network, for the tests without one: `npx tsx scripts/record-network.ts`. */
const appliance = await openAppliance('recorded');
const lab = requireLab(appliance, 'filtering/ingress-source');
const { signal } = new AbortController();
const demo = await openDemo(appliance, lab, { signal });
try {
  const { configs } = demo.network;
  const names = await readdir(configs, { recursive: true, withFileTypes: true });
  const paths = names
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name).slice(configs.length + 1))
    .filter((it) => lab.nodes.includes(it.split('/')[0] ?? '') && !it.startsWith('fabric/'));
  const files = await Promise.all(
    paths.toSorted().map(async (path) => [path, await readFile(join(configs, path), 'utf8')] as const),
  );
  const off = await demo.attack({ signal });
  await demo.setControl(true, signal);
  const on = await demo.attack({ signal });
  // The topology is all that is asked of them here.
  const handlers = catalogueHandlers({ appliance } as Desk);
  const network: RecordedNetwork = {
    topology: await handlers['topology.read'](),
    journeys: { off: [...off.journeys], on: [...on.journeys] },
    files: Object.fromEntries(files),
  };
  const file = new URL('../test/ui/recordings/network.json', import.meta.url);
  await writeFile(file, `${JSON.stringify(network, null, 2)}\n`);
} finally {
  await demo.close();
}
