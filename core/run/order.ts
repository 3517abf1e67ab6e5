import type { Check, Lab, Layer } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/run.ts';

const layers: readonly Layer[] = ['link', 'address', 'route', 'service'];

/** The checks of each layer that has any, from the bottom up; inside a layer in the order of the file. */
export function layersOf(checks: readonly Check[]): readonly (readonly Check[])[] {
  return layers.map((layer) => checks.filter((it) => it.layer === layer)).filter((it) => it.length > 0);
}

/**
 * What makes it pointless to look at higher layers: a service check that did not hold. An abuse check
 * says nothing about whether the layer carries traffic.
 */
export function obstacleIn(findings: readonly Finding[]): Finding | undefined {
  return findings.find((it) => it.kind === 'service' && (it.verdict === 'fail' || it.verdict === 'error'));
}

/** The nodes a trainee's change can be on: the ISP's nodes of the lab, and those the lab says to mend. */
export function nodesToRestart(lab: Lab, plan: Plan, running: readonly string[]): readonly string[] {
  const ours = lab.nodes.filter((name) => plan.nodes[name]?.side === 'isp');
  return [...new Set([...ours, ...lab.mend])].filter((name) => running.includes(name));
}
