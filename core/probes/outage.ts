import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { addressOf, type Family, type Plan } from '../model/plan.ts';
import type { Network, NodeProcess } from '../runtime/runtime.ts';
import { addressesOf } from './addresses-of.ts';
import { pollUntil } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Service = z.strictObject({
  label: z.string().describe('What is used, in words a trainee understands'),
  node: NodeName.describe('The machine whose addresses it has in the plan'),
  port: z.number().int().min(1).max(65_535).describe('The TCP port that has to take a connection'),
  question: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional()
    .describe('A name to ask for by UDP instead of connecting; NONCE in it becomes a label that no cache knows'),
});

const Params = z.strictObject({
  machines: z.array(NodeName).min(1).describe('The machines that are taken off the network, one after the other'),
  services: z
    .array(Service)
    .min(1)
    .describe('What is used meanwhile; whatever has the address of the machine is left out'),
  from: NodeName.describe('The node that uses the services, over every family that both ends have'),
});
type Params = z.infer<typeof Params>;

export interface Use {
  readonly service: z.infer<typeof Service>;
  readonly family: Family;
  readonly address: string;
}

/** Takes machines off the network, and looks what else goes with them. */
export const outage = defineProbe({
  name: 'outage',
  summary: 'Takes one machine after the other off the network, and looks whether the services of the others go on.',
  params: Params,
  exclusive: true,
  nodes: ({ machines, services, from }) => [...machines, ...services.map((it) => it.node), from],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { plan } = context;
  const uses = planUses(params, plan);
  const before = await tryUses(uses, params, context, 'before');
  const attempts: Attempt[] = [];
  const lines: string[] = [];
  for (const machine of params.machines) {
    const others = uses.filter((it) => it.service.node !== machine);
    const { gone, during } = await without(machine, others, params, context);
    for (const use of others) {
      const works = during.has(use);
      lines.push(`without ${machine}: ${use.service.label} at ${use.address} ${works ? 'works' : 'does not work'}`);
      attempts.push(attemptOf(use, machine, { gone, worked: before.has(use), works }, params));
    }
  }
  return { attempts, evidence: await keepEvidence(lines, params, context) };
}

export function planUses({ services, from }: Params, plan: Plan): Use[] {
  return services.flatMap((service) =>
    addressesOf(plan, service.node)
      .filter(({ family }) => addressOf(plan, from, family) !== undefined)
      .map((at) => ({ ...at, service })),
  );
}

/** Uses everything while the machine is off. It comes back in any case, and is awaited. */
async function without(
  machine: string,
  uses: readonly Use[],
  params: Params,
  context: ProbeContext,
): Promise<{ gone: boolean; during: ReadonlySet<Use> }> {
  const { network, plan, signal } = context;
  const far = addressesOf(plan, params.from).map((it) => it.address);
  const reached = await reaches(network, machine, far, signal);
  const cut = await cutOff(network, machine, signal);
  try {
    const gone = reached && !(await reaches(network, machine, far, signal));
    return { gone, during: await tryUses(uses, params, context, machine) };
  } finally {
    await cut.stop();
    await pollUntil(() => reaches(network, machine, far, signal), 3000, 100);
  }
}

/** Before anything else looks at a packet, it is dropped, in both directions; also undone when we are killed. */
async function cutOff(network: Network, machine: string, signal: AbortSignal): Promise<NodeProcess> {
  const chain = (name: string, hook: string, direction: string): string =>
    `chain ${name} { type filter hook ${hook} priority -450; ${direction}ifname != "lo" drop; }`;
  const table = `table inet breakwater-outage { ${chain('in', 'prerouting', 'i')}; ${chain('out', 'output', 'o')}; }`;
  const process = network.node(machine).spawn(['sh', '-ec', `nft '${table}'; echo cut; exec sleep infinity`], {
    signal,
    undo: 'nft delete table inet breakwater-outage',
  });
  await process.waitFor(/^cut$/, 5000);
  return process;
}

async function reaches(
  network: Network,
  machine: string,
  far: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const { stdout } = await network.node(machine).exec(['fping', '-a', '-r', '1', '-t', '250', ...far], { signal });
  return stdout.trim() !== '';
}

async function tryUses(
  uses: readonly Use[],
  { from }: Params,
  { network, nonce, signal }: ProbeContext,
  when: string,
): Promise<ReadonlySet<Use>> {
  const script = uses.map(
    (use, index) => `{ for turn in 1 2 3; do ${commandOf(use, `${nonce}${when}`)} && echo ${index} && break; done; } &`,
  );
  const { stdout } = await network.node(from).exec(['sh', '-c', `${script.join('\n')}\nwait`], { signal });
  const works = new Set(stdout.trim().split('\n'));
  return new Set(uses.filter((_, index) => works.has(String(index))));
}

/** NXDOMAIN is an answer: somebody looked. */
function commandOf({ service, address }: Use, label: string): string {
  const { port, question } = service;
  return question === undefined
    ? `ncat -z -w 2s ${address} ${port} 2>/dev/null`
    : `dig @${address} -p ${port} +time=1 +tries=2 ${question.replace('NONCE', label.toLowerCase())} | grep -Eq 'status: (NOERROR|NXDOMAIN)'`;
}

function attemptOf(
  use: Use,
  machine: string,
  { gone, worked, works }: { gone: boolean; worked: boolean; works: boolean },
  { from }: Params,
): Attempt {
  const { service, family, address } = use;
  return {
    label: `without ${machine}, ${service.label}`,
    role: 'try',
    family,
    from: machine,
    to: service.node,
    // What did not work before proves nothing, and neither does a machine that is still there.
    sent: gone && worked,
    // The attack has its effect when something goes that was not attacked.
    succeeded: gone && worked && !works,
    seen: worked
      ? `${address} port ${service.port} ${works ? 'went on working' : 'stopped working'}${gone ? '' : `; ${machine} was not off the network`}`
      : `${address} port ${service.port} did not work before either`,
    repeat: `breakwater exec ${from} -- ${commandOf(use, 'name')}`,
  };
}

async function keepEvidence(
  lines: readonly string[],
  { from, machines }: Params,
  { keep }: ProbeContext,
): Promise<Evidence[]> {
  return [
    {
      kind: 'table',
      title: `What ${from} could use while one machine was away`,
      file: await keep('outage.txt', `${lines.join('\n')}\n`),
      command: `breakwater exec ${machines[0]} -- ip link set eth0 down   # up again: ifdown eth0; ifup eth0`,
      excerpt: lines.join('\n'),
    },
  ];
}
