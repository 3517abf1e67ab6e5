import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { productFolder } from '#core/exec/paths.ts';
import { loadTopology } from '#core/load/load-topology.ts';
import { subTopology } from '#core/model/topology.ts';
import { quote } from '#core/exec/quote.ts';
import { bringUpScript, restartScript } from '#core/runtime/rootless/script.ts';

const topology = subTopology(loadTopology(join(productFolder(), 'topologies', 'isp', 'isp.clab.yml')), [
  'br1',
  'p1',
  'pe1',
]);
const image = { id: 'x', layers: ['/cache/upper layer', "/cache/it's"] };
const folders = { home: "/run/it's here", inside: "/run/it's here/inside" };

test('any word comes out of a shell as it went in', () => {
  // No byte 0: no argument of a process can hold one.
  const word = fc.string({ unit: 'grapheme' }).filter((it) => !it.includes('\0'));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      const said = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`], { encoding: 'utf8' });
      expect(said.split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 50 },
  );
});

test('both scripts are good shell, also with odd names of folders', () => {
  for (const script of [bringUpScript(topology, image, folders), restartScript(topology, image, folders, ['p1'])])
    expect(execFileSync('sh', ['-n'], { input: script, encoding: 'utf8' })).toBe('');
});

test('bringing up creates each node, wires each link once, starts each node, and waits to be kept', () => {
  const lines = bringUpScript(topology, image, folders).split('\n');
  for (const node of topology.nodes.keys()) {
    expect(lines.filter((line) => line.startsWith(`( create ${node}`))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith(`( start ${node}`))).toHaveLength(1);
  }
  expect(lines.filter((line) => line.includes('type veth'))).toHaveLength(topology.links.length);
  expect(lines.join('\n')).toMatch(
    /link add name to_p1 mtu 1500 netns \$a type veth peer name to_br1 mtu 1500 netns \$pid/,
  );
  expect(lines.indexOf('echo @up')).toBeLessThan(lines.findIndex((line) => line.startsWith('while :')));
});

test('restarting one node parks its ends alone, and puts each back under its name', () => {
  const script = restartScript(topology, image, folders, ['p1']);
  const parked = [...script.matchAll(/link set (\S+) netns 1 name (\S+)"/g)].map(([, name, at]) => [name, at]);
  const back = [...script.matchAll(/link set (\S+) netns \$pid name (\S+)"/g)].map(([, at, name]) => [name, at]);
  expect(parked.map(([name]) => name).toSorted()).toEqual(['to_br1', 'to_pe1']);
  expect(back).toEqual(parked);
  expect(script).not.toMatch(/delete -f (br1|pe1)/);
});

test('a link that went with a dead node is made again, what is left of it goes first, and any other is put back', () => {
  const script = restartScript(topology, image, folders, ['p1', 'br1'], { blank: ['p1'], dead: ['p1'] });
  const lines = script.split('\n');
  const lost = topology.links.filter(({ a, b }) => [a, b].some(({ node }) => node === 'p1'));
  const others = topology.links.filter(
    ({ a, b }) => !lost.some((it) => it.a === a) && [a, b].some(({ node }) => node === 'br1'),
  );
  expect(lines.filter((line) => line.includes('link add name'))).toHaveLength(lost.length);
  expect(lines.filter((line) => /^echo "link del \S+"$/.test(line))).toEqual(['echo "link del to_p1"']);
  expect(lines.filter((line) => / netns \$pid name /.test(line))).toHaveLength(others.length);
  // Nothing is asked of the namespace of a process that is no more: its number may be another's.
  expect(script.match(/nsenter -t "\$pid"/g)).toHaveLength(1);
  expect(script).toMatch(/delete -f p1 && blank p1/);
  expect(script).toMatch(/delete -f br1 && bundle br1/);
});
