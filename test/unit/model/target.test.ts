import { expect, test } from 'vitest';

import { targetsOf } from '#core/model/target.ts';
import { referencePlan } from '../probes/reference-plan.ts';

const targets = targetsOf(referencePlan());

test.each([
  ['mx', ['mx']],
  ['192.0.2.130', ['a1']],
  ['192.0.2.130 port 25', ['a1']],
  ['2001:0DB8:a:1::130 port 25', ['a1']],
  ['alice@isp.example by mx.isp.example port 587', ['mx']],
  ['alice@isp.example by 198.51.100.10 port 25', ['remote']],
  ['abuse@isp.example by 2001:db8:a:1::130', ['a1']],
  ['https://www.isp.example/aup.html', ['www']],
  ['http://WWW.isp.example.:8080/', ['www']],
  ['https://[2001:db8:a:1::130]:8443/x', ['a1']],
  ['[2001:db8:a:1::130]:25', ['a1']],
  ['192.0.2.130:25', ['a1']],
  ['noc:/etc/desk/personal-data.yml', ['noc']],
  ['br1, port 179', ['br1']],
  ['alice@isp.example', ['mx']],
  ['postmaster@cust-a.example', ['a1']],
  ['alice@nowhere.example', []],
  ['nobody.example', []],
  ['2001:db8:ffff::1', []],
  ['', []],
])('%s names %j', (target, nodes) => {
  expect(targets.nodesOf(target)).toEqual(nodes);
});

test('a segment names those who are cabled to it', () => {
  expect(targets.nodesOf('ixp').toSorted()).toEqual(['br1', 'lg', 'peer1']);
});
