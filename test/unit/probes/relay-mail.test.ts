import { describe, expect, test } from 'vitest';

import { type Battery, planLetters } from '#core/probes/mail/relay-letters.ts';
import { relayMail } from '#core/probes/relay-mail.ts';

import { referencePlan } from './reference-plan.ts';

const params = (over: object = {}): Battery =>
  relayMail.params.parse({
    server: 'mx',
    domain: 'isp.example',
    from: ['evil'],
    alsoFrom: ['a1'],
    ports: [25, 587],
    sink: 'remote',
    victim: 'victim@remote.example',
    canary: 'alice@isp.example',
    ...over,
  }) as Battery;
const plan = (over: object = {}): ReturnType<typeof planLetters> => planLetters(params(over), referencePlan(), 'nonce');

test('every form goes out over both families, and every letter is found again by a token of its own', () => {
  const letters = plan();
  const [v4, v6] = (['v4', 'v6'] as const).map((family) =>
    letters.filter((it) => it.family === family).map((it) => it.label.replace(/ at [\da-f.:]+/, '')),
  );
  expect(v4).toEqual(v6);
  expect(new Set(letters.map((it) => it.token)).size).toBe(letters.length);
  expect(new Set(letters.filter((it) => it.server === 'mx' && it.family === 'v6').map((it) => it.host))).toEqual(
    new Set(['2001:db8:0:1::4']),
  );
});

test('whoever is meant to attack tries everything on every port, and the others knock', () => {
  const tries = plan({ from: ['strangers'] }).filter((it) => it.role === 'try' && it.family === 'v4');
  const count = (from: string, port: number): number =>
    tries.filter((it) => it.from === from && it.port === port).length;
  expect(count('evil', 25)).toBeGreaterThan(25);
  expect(count('evil', 587)).toBe(count('evil', 25));
  // Two addresses, and in three names each: its own, one of ours, nobody's.
  expect(count('remote', 25)).toBe(6);
  expect(count('a1', 587)).toBe(3);
});

test('a stranger writes in the name of somebody who exists, and of one of ours', () => {
  const senders = plan({ forms: 'plain', ports: [25] })
    .filter((it) => it.role === 'try' && it.from === 'evil' && it.family === 'v4')
    .map((it) => it.sender);
  expect(senders).toEqual(['postmaster@evil.example', 'alice@isp.example', '']);
});

describe('a class', () => {
  const letters = plan({ forms: 'plain', alsoFrom: ['customers', 'customer-links', 'neighbours'], ports: [25] });
  const sources = new Set(letters.map((it) => it.source));

  test('is every address of it that leads to us', () => {
    for (const address of ['192.0.2.161', '2001:db8:510::1', '100.64.1.6', '203.0.113.1', '100.64.0.1'])
      expect(sources).toContain(address);
    // The link between customer B and its other provider.
    expect(sources).not.toContain('100.64.1.10');
    expect(sources).not.toContain('100.64.1.9');
  });

  test('leaves out whom it is told to, and needs the nodes of all others', () => {
    const over = { alsoFrom: ['customers'], except: ['a2', 'cea'] };
    expect(plan(over).map((it) => it.from)).not.toContain('a2');
    expect(relayMail.nodes(params(over), referencePlan())).toEqual(['mx', 'remote', 'evil', 'a1', 'ceb']);
    expect(relayMail.classes?.(params(over))).toEqual(['customers']);
  });
});

test('what all places have in common is proved to work once for each class and node', () => {
  const canaries = plan({ alsoFrom: ['customers', 'a1'] }).filter((it) => it.role === 'canary');
  expect(canaries.map((it) => `${it.family} ${it.from} ${it.arrivesAt}`)).toEqual(
    ['v4', 'v6'].flatMap((family) => [
      `${family} evil mx`,
      `${family} a2 mx`,
      `${family} a1 mx`,
      `${family} evil remote`,
    ]),
  );
});

test('one connection stands no more refusals than a server endures, and one greeting', () => {
  const tries = plan().filter((it) => it.role === 'try');
  for (const session of new Set(tries.map((it) => it.session))) {
    const letters = tries.filter((it) => it.session === session);
    const refusals = letters.reduce((sum, it) => sum + 1 + (it.alsoTo?.length ?? 0), 0);
    expect(refusals).toBeLessThanOrEqual(8);
    expect(new Set(letters.map((it) => `${it.source} ${it.host} ${it.port} ${it.helo}`)).size).toBe(1);
  }
});

test('whoever has a password tries it, with TLS and without', () => {
  const logins = plan({ users: { alice: 'alice-lab' } }).filter((it) => it.login !== undefined && it.family === 'v4');
  expect(logins.map((it) => [it.port, it.inClear, it.sender])).toEqual([
    [25, true, 'alice@isp.example'],
    [25, false, 'alice@isp.example'],
  ]);
});

test('a domain whose DNS names us is written to', () => {
  expect(plan({ namesUs: ['evil.example'] }).map((it) => it.recipient)).toContain('anybody@evil.example');
});
