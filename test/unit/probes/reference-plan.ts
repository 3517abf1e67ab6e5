import { join } from 'node:path';

import { loadPlan } from '#core/load/load-plan.ts';
import { loadTopology } from '#core/load/load-topology.ts';
import type { Plan } from '#core/model/plan.ts';

/** The address plan of the reference ISP. */
export function referencePlan(): Plan {
  const folder = join(import.meta.dirname, '../../../topologies/isp');
  return loadPlan(join(folder, 'plan.yml'), loadTopology(join(folder, 'isp.clab.yml')));
}
