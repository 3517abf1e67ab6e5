import { expect, test } from 'vitest';

import { PlanFile } from '#core/model/plan.ts';
import { wiresOf } from '#core/model/wires.ts';

test('links have two ends and no name, segments have a name, and the fabric is no end', () => {
  const node = (interfaces: Record<string, string>, side = 'isp') => ({
    title: 'x',
    role: 'router',
    side,
    at: [0, 0],
    interfaces: Object.fromEntries(Object.entries(interfaces).map(([name, to]) => [name, { addresses: [], to }])),
  });
  const plan = PlanFile.parse({
    title: 'small',
    ases: {},
    nodes: {
      a: node({ to_b: 'b', lan0: 'lan' }),
      b: node({ to_a: 'a' }),
      c: node({ eth0: 'lan' }),
      d: node({ eth0: 'alone' }),
      fabric: node({ x: 'lan' }, 'fabric'),
    },
  });
  const end = (node_: string, name: string) => ({ node: node_, interface: name, addresses: [] });
  expect(wiresOf(plan)).toEqual([
    { ends: [end('a', 'to_b'), end('b', 'to_a')] },
    { segment: 'lan', ends: [end('a', 'lan0'), end('c', 'eth0')] },
  ]);
});
