import { expect, test } from 'vitest';

import { assignmentName, planLookups } from '#core/probes/registry-contacts.ts';

import { referencePlan } from './reference-plan.ts';

test('a prefix is named as a registry names it', () => {
  expect(assignmentName('192.0.2.128/27')).toBe('192.0.2.128 - 192.0.2.159');
  expect(assignmentName('2001:db8:a::/48')).toBe('2001:db8:a::/48');
});

test('every prefix of every customer of the plan is looked up, a private one at the provider', () => {
  const lookups = planLookups(
    {
      registry: 'irr',
      from: 'remote',
      lookups: [],
      assignments: { provider: 'isp.example', private: [{ customer: 'colo2', words: ['Dana Doe'] }] },
      mailboxes: ['mx'],
    },
    referencePlan(),
  );
  const prefixes = referencePlan().customers.flatMap((it) => it.prefixes);
  expect(lookups.map((it) => it.name)).toEqual(prefixes.map((it) => assignmentName(it)));
  const quiet = lookups.filter((it) => it.secret.length > 0);
  expect(quiet.map((it) => it.domain)).toEqual(['isp.example', 'isp.example']);
  expect(lookups.filter((it) => !quiet.includes(it)).every((it) => it.notDomain === 'isp.example')).toBe(true);
});
