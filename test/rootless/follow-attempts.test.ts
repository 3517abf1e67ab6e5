import { expect, test } from 'vitest';

import { openAppliance, requireLab } from '#core/appliance/appliance.ts';
import { judge } from '#core/appliance/check.ts';
import { followAttempts } from '#core/appliance/follow-attempts.ts';
import { openTransientNetwork } from '#core/appliance/transient.ts';
import { treesOf } from '#core/appliance/trees.ts';

test('forged packets are followed to the victim while the control is off, and to pe1 once it is on', async () => {
  const appliance = await openAppliance('test');
  const lab = requireLab(appliance, 'filtering/ingress-source');
  const { signal } = new AbortController();
  for (const tree of ['start', 'baseline'] as const) {
    const { network, close } = await openTransientNetwork(appliance, {
      purpose: 'test',
      nodes: lab.nodes,
      tree: async (workspace) => (await treesOf(appliance, workspace, lab))[tree],
      signal,
    });
    try {
      const { journeys } = await followAttempts(network, appliance.plan, (listener) =>
        judge(appliance, network, [lab], 'test', { restart: false, signal, listener }),
      );
      const forged = journeys
        .get(lab.id)
        ?.filter((it) => it.check === 'spoofed-to-internet' && it.role === 'try')
        .map(({ seenAt, stoppedAt }) => ({ seenAt, stoppedAt }));
      // A try of many packets is followed where its own were told from those of others.
      const followed = forged?.filter(({ seenAt }) => seenAt.length > 0) ?? [];
      expect(followed.length).toBeGreaterThan(12);
      const ends = followed.map(({ seenAt, stoppedAt }) => [seenAt.at(-1), stoppedAt]);
      expect(followed.every(({ seenAt }) => ['cea', 'ceb', 'colo1', 'colo2'].includes(seenAt[0] ?? ''))).toBe(true);
      // Of what no host takes, such as a loopback source, the start passes nothing on either.
      if (tree === 'start')
        expect(ends.filter(([last, stopped]) => last === 'remote' && stopped === null).length).toBeGreaterThan(12);
      else expect(ends).toEqual(ends.map(() => ['pe1', 'pe1']));
    } finally {
      await close();
    }
  }
});
