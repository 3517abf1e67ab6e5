import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { judge } from '#core/checks/judge.ts';
import type { Attempt, Observation } from '#core/model/observation.ts';

describe('an abuse check', () => {
  test('passes when every try was seen leaving and none got through', () => {
    expect(judge('abuse', saw(stopped(), stopped({ family: 'v6' })))).toEqual({
      verdict: 'pass',
      reason: 'both attempts left the sender and none got through',
    });
  });

  test('fails and names what got through', () => {
    const got = { succeeded: true };
    expect(judge('abuse', saw(stopped(), stopped({ ...got, family: 'v6' }), stopped()))).toEqual({
      verdict: 'fail',
      reason: '1 of 3 attempts got through: source 10.9.9.9 (IPv6)',
    });
  });

  test('is inconclusive when its canary was lost, however silent the victim was', () => {
    const canary = stopped({ role: 'canary', label: 'own address' });
    expect(judge('abuse', saw(stopped(), canary))).toEqual({
      verdict: 'inconclusive',
      reason: 'the path itself does not work, so silence proves nothing: own address (IPv4)',
    });
  });

  test('is inconclusive when a try was not seen leaving', () => {
    expect(judge('abuse', saw(stopped(), stopped({ sent: false, family: 'v6' })))).toEqual({
      verdict: 'inconclusive',
      reason: '1 of 2 attempts was not seen leaving the sender: source 10.9.9.9 (IPv6)',
    });
  });

  test('takes the word of a canary for tries from its place, over its family, in its way, and for no others', () => {
    const claim = { proof: 'canary', way: 'udp' } as const;
    const canary = stopped({ role: 'canary', succeeded: true, way: 'udp' });
    const verdictOf = (...attempts: Attempt[]): string => judge('abuse', saw(...attempts)).verdict;
    expect(verdictOf(stopped(claim), canary)).toBe('pass');
    expect(verdictOf(stopped(claim))).toBe('inconclusive');
    expect(verdictOf(stopped({ ...claim, from: 'a1' }), canary)).toBe('inconclusive');
    expect(verdictOf(stopped({ ...claim, family: 'v6' }), canary)).toBe('inconclusive');
    expect(verdictOf(stopped({ ...claim, way: 'tcp 25' }), canary)).toBe('inconclusive');
    expect(verdictOf(stopped({ proof: 'answered', from: 'a1' }), canary)).toBe('pass');
    expect(verdictOf(stopped({ proof: 'counted', from: 'a1' }))).toBe('pass');
    expect(verdictOf(stopped({ proof: undefined }), canary)).toBe('inconclusive');
    expect(judge('abuse', saw(stopped({ ...claim, family: 'v6' }), stopped(claim), canary)).reason).toBe(
      'nothing proves that 1 of 2 attempts was refused and not lost: source 10.9.9.9 (IPv6)',
    );
  });

  test('names three and counts the rest', () => {
    const attempts = ['a', 'b', 'c', 'd', 'e'].map((label) => stopped({ label, succeeded: true }));
    expect(judge('abuse', saw(...attempts)).reason).toBe(
      'all 5 attempts got through: a (IPv4); b (IPv4); c (IPv4); and 2 more',
    );
  });
});

describe('a service check', () => {
  const works = (attempt: Partial<Attempt> = {}): Attempt => stopped({ label: 'ping', succeeded: true, ...attempt });

  test('passes when everything worked', () => {
    expect(judge('service', saw(works(), works({ family: 'v6' }))).verdict).toBe('pass');
  });

  test('fails when one of its tries, or its canary, did not work', () => {
    expect(judge('service', saw(works(), works({ family: 'v6', succeeded: false })))).toEqual({
      verdict: 'fail',
      reason: '1 of 2 attempts did not work: ping (IPv6)',
    });
    expect(judge('service', saw(works(), works({ role: 'canary', succeeded: false }))).verdict).toBe('fail');
  });

  test('is inconclusive when one was not seen leaving', () => {
    expect(judge('service', saw(works(), works({ sent: false }))).verdict).toBe('inconclusive');
  });
});

describe('an inspection', () => {
  const clean = (attempt: Partial<Attempt> = {}): Attempt => stopped({ label: 'world-readable key', ...attempt });

  test('passes when its object was read whole and nothing wrong was found', () => {
    expect(judge('inspection', saw(clean()))).toEqual({ verdict: 'pass', reason: 'what was looked for was not found' });
    expect(judge('inspection', saw(clean(), clean({ succeeded: true }))).verdict).toBe('fail');
  });

  test('says of faults how many were found', () => {
    const found = { succeeded: true };
    const reasonOf = (...attempts: Attempt[]): string => judge('inspection', saw(...attempts)).reason;
    expect(reasonOf(clean(found), clean())).toBe('1 of 2 faults was found: world-readable key (IPv4)');
    expect(reasonOf(clean(found), clean(found))).toBe('2 of 2 faults were found: world-readable key (IPv4)');
    expect(reasonOf(clean(), clean())).toBe('none of 2 faults was found');
  });

  test('is inconclusive when nothing was read', () => {
    expect(judge('inspection', saw(clean({ sent: false }))).verdict).toBe('inconclusive');
    expect(judge('inspection', saw()).verdict).toBe('inconclusive');
  });
});

describe('no observation', () => {
  const kind = fc.constantFrom('abuse' as const, 'inspection' as const, 'service' as const);

  test('passes without evidence', () => {
    fc.assert(
      fc.property(kind, fc.array(anyAttempt), (of, attempts) => {
        const { verdict } = judge(of, saw(...attempts));
        if (verdict !== 'pass') return;
        const tries = attempts.filter((it) => it.role === 'try');
        expect(tries.length).toBeGreaterThan(0);
        expect(attempts.every((it) => it.sent)).toBe(true);
        expect(tries.every((it) => it.succeeded === (of === 'service'))).toBe(true);
        expect(attempts.every((it) => it.role === 'try' || it.succeeded)).toBe(true);
        expect(of !== 'abuse' || tries.every((it) => it.proof !== undefined)).toBe(true);
      }),
    );
  });

  test('with a try that got through lets an abuse check do anything but fail', () => {
    fc.assert(
      fc.property(fc.array(anyAttempt), anyAttempt, fc.nat(), (attempts, extra, at) => {
        const through: Attempt = { ...extra, role: 'try', succeeded: true };
        const index = at % (attempts.length + 1);
        expect(judge('abuse', saw(...attempts.slice(0, index), through, ...attempts.slice(index))).verdict).toBe(
          'fail',
        );
      }),
    );
  });

  test('with a sent try that did not work lets a service check do anything but fail', () => {
    fc.assert(
      fc.property(fc.array(anyAttempt), anyAttempt, (attempts, extra) => {
        const broken: Attempt = { ...extra, sent: true, succeeded: false };
        expect(judge('service', saw(...attempts, broken)).verdict).toBe('fail');
      }),
    );
  });

  test('turns into a pass when evidence is taken away', () => {
    fc.assert(
      fc.property(kind, fc.array(anyAttempt, { minLength: 1 }), fc.nat(), (of, attempts, at) => {
        if (judge(of, saw(...attempts)).verdict === 'pass') return;
        const index = at % attempts.length;
        const weaker = attempts.map((it, i) => (i === index ? { ...it, sent: false } : it));
        expect(judge(of, saw(...weaker)).verdict).not.toBe('pass');
      }),
    );
  });

  test('is judged by the order of its attempts', () => {
    fc.assert(
      fc.property(kind, fc.array(anyAttempt), (of, attempts) => {
        expect(judge(of, saw(...attempts.toReversed())).verdict).toBe(judge(of, saw(...attempts)).verdict);
      }),
    );
  });
});

function saw(...attempts: Attempt[]): Observation {
  return { attempts, evidence: [] };
}

function stopped(attempt: Partial<Attempt> = {}): Attempt {
  return {
    label: 'source 10.9.9.9',
    role: 'try',
    family: 'v4',
    from: 'ceb',
    to: 'remote',
    sent: true,
    succeeded: false,
    proof: 'answered',
    seen: '5 packets left ceb, none reached remote',
    repeat: 'breakwater exec ceb -- nping',
    ...attempt,
  };
}

const anyAttempt: fc.Arbitrary<Attempt> = fc
  .record({
    label: fc.string(),
    role: fc.constantFrom('try' as const, 'canary' as const),
    family: fc.constantFrom('v4' as const, 'v6' as const),
    sent: fc.boolean(),
    succeeded: fc.boolean(),
    proof: fc.constantFrom('answered' as const, 'counted' as const, 'canary' as const, undefined),
  })
  .map(stopped);
