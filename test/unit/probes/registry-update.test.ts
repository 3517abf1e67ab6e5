import { expect, test } from 'vitest';

import { planUpdates } from '#core/probes/registry-update.ts';

import { referencePlan } from './reference-plan.ts';

test('an update travels over both families, each time with a mark of its own in the object', () => {
  const updates = planUpdates(
    {
      registry: 'irr',
      robot: 'auto-dbm@irr.isp.example',
      updates: [{ label: 'forged', from: 'evil', sender: 'noc@isp.example', object: 'route: 192.0.2.0/25\n' }],
      canaries: [],
    },
    referencePlan(),
    'abc',
  );
  expect(updates.map(({ letter }) => letter.host)).toEqual(['192.0.2.9', '2001:db8:0:1::9']);
  expect(updates.map(({ letter }) => letter.message?.split('\n\n')[1])).toEqual([
    'route: 192.0.2.0/25\nremarks: abc-0\n',
    'route: 192.0.2.0/25\nremarks: abc-1\n',
  ]);
});
