import { describe, expect, test } from 'vitest';

import { isSameSession, parseSessions, plannedSessions } from '#core/probes/bgp/sessions.ts';

import { referencePlan } from '../reference-plan.ts';

describe('planned sessions', () => {
  test('have both ends in both families, and the AS of the other', () => {
    expect(plannedSessions(referencePlan(), 'br1', 'peer2')).toEqual([
      { family: 'v4', local: '100.64.50.1', remote: '100.64.50.3', remoteAs: 64503, prefixLength: 24 },
      { family: 'v6', local: '2001:db8:1900::1', remote: '2001:db8:1900::3', remoteAs: 64503, prefixLength: 64 },
    ]);
  });

  test('of strangers are an error of the lab', () => {
    expect(() => plannedSessions(referencePlan(), 'br1', 'ceb')).toThrow(
      'the plan has no BGP session between br1 and ceb',
    );
  });
});

describe('show bgp neighbors json', () => {
  const text = `{
  "100.64.1.6": { "remoteAs": 64510, "bgpState": "Established", "bgpTimerUpEstablishedEpoch": 1700000000, "connectionsDropped": 2,
    "messageStats": { "updatesRecv": 7 } },
  "2001:db8:0:111::2": { "bgpState": "Active" },
  "dynamicNeighbors": 3
}`;

  test('is read neighbour by neighbour', () => {
    expect([...parseSessions(text)]).toEqual([
      ['100.64.1.6', { state: 'Established', dropped: 2, since: 1_700_000_000, updatesReceived: 7 }],
      ['2001:db8:0:111::2', { state: 'Active', dropped: 0, since: 0, updatesReceived: 0 }],
    ]);
  });
});

test.each(['bgpd is not running\n', 'Exiting: failed to connect to any daemons.\n', ''])(
  'there are no sessions where bgpd says %j',
  (text) => {
    expect([...parseSessions(text)]).toEqual([]);
  },
);

describe('a session is the same', () => {
  const before = { state: 'Established', dropped: 0, since: 1000, updatesReceived: 3 };

  test('while it goes on, though its clock is rounded', () => {
    expect(isSameSession(before, { ...before, since: 1001 })).toBe(true);
  });

  test.each([
    ['it is down', { ...before, state: 'Active' }],
    ['it was down meanwhile', { ...before, dropped: 1 }],
    ['bgpd was restarted', { ...before, since: 1010 }],
    ['it is gone from the configuration', undefined],
  ])('not when %s', (_why, after) => {
    expect(isSameSession(before, after)).toBe(false);
  });
});
