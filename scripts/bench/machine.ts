import { cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures were taken on, in words; no name of a host, no path. */
export function describeMachine(): string[] {
  const [cpu] = cpus();
  return [
    `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'})`,
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
    `as ${process.getuid?.() === 0 ? 'root' : 'an ordinary user'}`,
    ...busyness(),
  ];
}

/** Figures of a computer that did other things as well are upper bounds, and have to say so. */
function busyness(): string[] {
  const load = loadavg()[1] ?? 0;
  return load < cpus().length / 2
    ? ['quiet: nothing else ran']
    : [`busy with other work: load ${load.toFixed(1)} before the first measurement, so times are upper bounds`];
}
