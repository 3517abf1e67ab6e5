import fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseTopology } from '#core/load/load-topology.ts';
import { drawRing } from '../../../scripts/bench/ring.ts';

const sizes = fc.integer({ min: 3, max: 400 });

test('a ring is a topology in which every router has two neighbours', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const { nodes, links } = parseTopology('ring.clab.yml', drawRing(size).topology);
      expect(nodes.size).toBe(size);
      const ends = links.flatMap(({ a, b }) => [`${a.node}:${a.interface}`, `${b.node}:${b.interface}`]);
      expect(new Set(ends).size).toBe(2 * size);
    }),
    { numRuns: 20 },
  );
});

test('both ends of each session name each other', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const { configs, nodes } = drawRing(size);
      const routers = nodes.map((node) => readConf(configs.get(`${node}/etc/frr/frr.conf`) ?? ''));
      for (const { as, neighbors } of routers) {
        expect(neighbors.length).toBe(2);
        for (const { address, remoteAs } of neighbors) {
          const other = routers.find((it) => it.addresses.includes(address));
          expect(other?.as).toBe(remoteAs);
          expect(other?.neighbors.some((it) => it.remoteAs === as)).toBe(true);
        }
      }
    }),
    { numRuns: 10 },
  );
});

test('every address is used once', () => {
  const { configs, nodes } = drawRing(400);
  const all = nodes.flatMap((node) => readConf(configs.get(`${node}/etc/frr/frr.conf`) ?? '').addresses);
  expect(all.length).toBe(3 * 400);
  expect(new Set(all).size).toBe(all.length);
});

test.each([0, 2, 2.5, 100_000])('a ring of %d is refused', (size) => {
  expect(() => drawRing(size)).toThrow(RangeError);
});

function readConf(text: string) {
  return {
    as: Number(/^router bgp (\d+)$/m.exec(text)?.[1]),
    addresses: [...text.matchAll(/^ ip address ([\d.]+)\/\d+$/gm)].map(([, address = '']) => address),
    neighbors: [...text.matchAll(/^ neighbor ([\d.]+) remote-as (\d+)$/gm)].map(([, address = '', as]) => ({
      address,
      remoteAs: Number(as),
    })),
  };
}
