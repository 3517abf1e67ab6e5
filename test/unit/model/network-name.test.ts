import { expect, test } from 'vitest';

import { onNetwork } from '#core/model/network-name.ts';

test.each([
  ['breakwater exec evil -- swaks --to a@b.example', 'breakwater exec --name two evil -- swaks --to a@b.example'],
  ["breakwater capture pe1:to_ceb 'port 25'", "breakwater capture --name two pe1:to_ceb 'port 25'"],
  ['breakwater check · breakwater shell mx', 'breakwater check --name two · breakwater shell --name two mx'],
  ['whois x   # then: breakwater exec irr -- tail y', 'whois x   # then: breakwater exec --name two irr -- tail y'],
  ['breakwater up LAB', 'breakwater up --name two LAB'],
  ['`breakwater reset` begins the new one', '`breakwater reset --name two` begins the new one'],
  // What is about no network, and what names one.
  ['breakwater image build', 'breakwater image build'],
  ['breakwater labs', 'breakwater labs'],
  ['breakwater down --name three', 'breakwater down --name three'],
  ['ping 192.0.2.1', 'ping 192.0.2.1'],
])('%s, on a network with another name', (text, onIt) => {
  expect(onNetwork('two', text)).toBe(onIt);
  expect(onNetwork('isp', text)).toBe(text);
});
