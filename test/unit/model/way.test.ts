import { expect, test } from 'vitest';

import { wayBetween } from '#core/model/way.ts';
import { referencePlan } from '../probes/reference-plan.ts';

const plan = referencePlan();

test('a way leads over links and over segments that nodes share', () => {
  expect(wayBetween(plan, 'evil', 'a1')).toEqual(['evil', 'transit', 'br1', 'p1', 'pe1', 'cea', 'a1']);
});

test('hosts pass nothing on, and a port without an address carries nothing', () => {
  expect(wayBetween(plan, 'peer1', 'lg')).toEqual(['peer1', 'br1', 'p1', 'lg']);
});

test('a node is its own way, and none leads to a stranger', () => {
  expect(wayBetween(plan, 'pe1', 'pe1')).toEqual(['pe1']);
  expect(wayBetween(plan, 'pe1', 'nobody')).toEqual([]);
});
