import { describe, expect, test } from 'vitest';

import { isSameSession, parseSessions, plannedSessions, sessionEnds } from '#core/probes/bgp/sessions.ts';

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

test('sessions inside go from loopback to loopback', () => {
  expect(sessionEnds(referencePlan(), 'br1', 'p1')).toEqual([
    { family: 'v4', local: '192.0.2.49', remote: '192.0.2.50' },
    { family: 'v6', local: '2001:db8:0:ffff::49', remote: '2001:db8:0:ffff::50' },
  ]);
  expect(() => sessionEnds(referencePlan(), 'p1', 'ceb')).toThrow('the plan has no BGP session between p1 and ceb');
});

describe('show bgp neighbors json', () => {
  const text = `{
  "100.64.1.6": { "remoteAs": 64510, "bgpState": "Established", "bgpTimerUpEstablishedEpoch": 1700000000, "connectionsDropped": 2,
    "messageStats": { "updatesRecv": 7, "updatesSent": 4 },
    "addressFamilyInfo": { "ipv4Unicast": { "acceptedPrefixCounter": 1, "sentPrefixCounter": 5 } } },
  "2001:db8:0:111::2": { "bgpState": "Idle", "restartInTimerMsec": 30000,
    "lastNotificationReason": "Cease/Maximum Number of Prefixes Reached", "addressFamilyInfo": { "ipv6Unicast": { "prefixAllowedMax": 5 } } },
  "dynamicNeighbors": 3
}`;

  test('is read neighbour by neighbour', () => {
    const never = {
      dropped: 0,
      since: 0,
      updatesReceived: 0,
      updatesSent: 0,
      messagesReceived: 0,
      announced: 0,
      accepted: 0,
    };
    expect(parseSessions(text).get('100.64.1.6')).toEqual({
      state: 'Established',
      dropped: 2,
      since: 1_700_000_000,
      updatesReceived: 7,
      updatesSent: 4,
      messagesReceived: 0,
      announced: 5,
      accepted: 1,
      overLimit: false,
    });
    expect(parseSessions(text).get('2001:db8:0:111::2')).toEqual({
      ...never,
      state: 'Idle',
      restartsInMs: 30_000,
      overLimit: true,
      limit: 5,
    });
    expect(parseSessions(text).size).toBe(2);
  });
});

test.each(['bgpd is not running\n', 'Exiting: failed to connect to any daemons.\n', ''])(
  'there are no sessions where bgpd says %j',
  (text) => {
    expect([...parseSessions(text)]).toEqual([]);
  },
);

describe('a session is the same', () => {
  const before = {
    state: 'Established',
    dropped: 0,
    since: 1000,
    updatesReceived: 3,
    updatesSent: 1,
    messagesReceived: 9,
    announced: 1,
    accepted: 2,
    overLimit: false,
  };

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
