import { freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Paths } from '#core/exec/paths.ts';
import type { Image } from '#core/image/store.ts';
import { parseTopology } from '#core/load/load-topology.ts';
import { LabError } from '#core/model/errors.ts';
import type { Node } from '#core/runtime/runtime.ts';
import { rootlessRuntime } from '#core/runtime/rootless/runtime.ts';
import { readState, sandboxFolders } from '#core/runtime/rootless/sandbox.ts';
import { openWorkspace } from '#core/workspace/workspace.ts';
import { nodesBelow } from './processes.ts';
import { drawRing } from './ring.ts';

export interface RingMeasure {
  readonly size: number;
  /** From the call until every router has every prefix in its kernel's routing table. */
  readonly convergedMs: number;
  /** Until all nodes were created and started; what remains is FRR and BGP. */
  readonly startedMs: number;
  readonly downMs: number;
  /** Proportional set size of each router. */
  readonly memoryKb: readonly number[];
  /** What the computer had less of, for each router: the kernel's part included. */
  readonly freeLessKb: number;
}

const deadlineMs = 300_000;

/** Brings a ring up, waits for full convergence, weighs it, takes it down. @throws LabError `not-ready` after five minutes */
export async function measureRing(
  size: number,
  { paths, image, signal }: { paths: Paths; image: Image; signal: AbortSignal },
): Promise<RingMeasure> {
  const ring = drawRing(size);
  const topology = parseTopology(join(paths.state, `ring${size}.clab.yml`), ring.topology);
  const workspace = await openWorkspace(join(paths.state, `ring${size}`));
  const files = [...ring.configs].map(([path, content]) => ({ path, content: Buffer.from(content) }));
  await workspace.materialise(ring.nodes);
  await workspace.checkout(await workspace.importTree(files), 'ring');
  const runtime = rootlessRuntime({
    runtimeFolder: paths.runtime,
    image: async () => image,
    loadTopology: async () => topology,
  });

  const freeBefore = freemem();
  const began = performance.now();
  const network = await runtime.deploy(topology, { name: topology.name, configs: workspace.configs, signal });
  let measured: Omit<RingMeasure, 'downMs'>;
  try {
    const startedMs = performance.now() - began;
    const holder = (await readState(sandboxFolders(paths.runtime, network.name)))?.holder?.pid;
    if (holder === undefined) throw new LabError('lab-not-running', `${network.name} has no holder`);
    await awaitRoutes(holder, size, signal);
    const convergedMs = performance.now() - began;
    await confirmByBgp(network.node('r1'), ring.prefixes);
    measured = {
      size,
      startedMs,
      convergedMs,
      memoryKb: nodesBelow(holder).map((node) => node.weigh()),
      freeLessKb: (freeBefore - freemem()) / 1024 / size,
    };
  } catch (error) {
    await network.destroy();
    throw error;
  }
  const downBegan = performance.now();
  await network.destroy();
  return { ...measured, downMs: performance.now() - downBegan };
}

/** Looks at the kernel's own tables, from outside: asking hundreds of daemons would be most of what is measured. */
async function awaitRoutes(holder: number, size: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  let complete = 0;
  while (performance.now() < deadline) {
    const nodes = nodesBelow(holder);
    // A router's own address is no route of the main table.
    complete = nodes.filter((node) => node.hostRoutes() >= size - 1).length;
    if (nodes.length === size && complete === size) return;
    await delay(250, undefined, { signal });
  }
  throw new LabError('not-ready', `${complete} of ${size} routers had every prefix after ${deadlineMs / 1000} s`);
}

/** The daemon's word for what the kernel showed: these very prefixes, and best paths for them. */
async function confirmByBgp(node: Node, prefixes: readonly string[]): Promise<void> {
  const { stdout } = await node.exec(['vtysh', '-c', 'show bgp ipv4 unicast json'], { timeoutMs: 20_000 });
  const routes = (JSON.parse(stdout) as { routes: Record<string, { bestpath?: boolean }[]> }).routes;
  const missing = prefixes.filter((prefix) => routes[prefix]?.some((path) => path.bestpath === true) !== true);
  if (missing.length > 0) throw new LabError('not-ready', `${node.name} has no best path for ${missing.join(', ')}`);
}
