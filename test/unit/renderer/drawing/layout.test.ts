import { describe, expect, test } from 'vitest';

import { layTopology } from '../../../../renderer/drawing/layout.ts';
import { view } from './small-view.ts';

const all = new Set(view.nodes.map((it) => it.name));

describe('the layout', () => {
  test('leaves out what is not shown, with its links', () => {
    const { nodes, wires } = layTopology(view, new Set(['edge', 'core']));
    expect(nodes.map((it) => it.node.name)).toEqual(['core', 'edge']);
    expect(wires.map((it) => it.id)).toEqual(['core-edge']);
  });

  test('closes columns that stay empty, and keeps half steps', () => {
    const x = (names: string[]): number[] =>
      layTopology(view, new Set(names)).nodes.map(({ place }) => Math.round((place.x / 146) * 10) / 10);
    expect(x(['core', 'far'])).toEqual([0, 1]);
    expect(x(['core', 'edge', 'far'])).toEqual([0, 1, 2]);
  });

  test('draws a segment of three as a rail with a line from each', () => {
    const { rails, wires } = layTopology(view, all);
    expect(rails.map((it) => it.name)).toEqual(['srv']);
    expect(wires.filter((it) => it.segment === 'srv')).toHaveLength(3);
  });

  test('draws a segment of which two are shown as a link with its name', () => {
    const { rails, wires } = layTopology(view, new Set(['core', 'mail']));
    expect(rails).toEqual([]);
    expect(wires).toMatchObject([{ segment: 'srv', ends: [{ node: 'core' }, { node: 'mail' }] }]);
  });

  test('leads from neighbour to neighbour along what is drawn, and the same way back', () => {
    const { between } = layTopology(view, all);
    expect(between('core', 'edge')).toHaveLength(2);
    expect(between('core', 'mail')).toHaveLength(4);
    expect(between('mail', 'core')).toEqual(between('core', 'mail').toReversed());
    expect(between('edge', 'mail')).toEqual([...between('edge', 'core'), ...between('core', 'mail')]);
  });

  test('leads straight where nothing is drawn, and not through a port that is kept down', () => {
    const down = view.links.map((it) => ({ ...it, ends: it.ends.map((end) => ({ ...end, addresses: [] })) }));
    expect(layTopology({ ...view, links: down }, all).between('core', 'far')).toHaveLength(2);
  });
});
