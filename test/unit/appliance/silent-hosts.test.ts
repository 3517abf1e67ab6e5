import { expect, test } from 'vitest';

import { excusedIn, type Silence } from '#core/appliance/silent-hosts.ts';

const asked = ['a1', 'mx', 'remote', 'www'];

function silence(from: string, to: string, family: 'v4' | 'v6' = 'v4'): Silence {
  return { from, to, family, address: family === 'v4' ? '192.0.2.4' : '2001:db8::4' };
}

const toMx = ['a1', 'remote', 'www'].map((from) => silence(from, 'mx'));

test('a host that answers no ping is there when its own are answered', () => {
  for (const it of toMx) expect(excusedIn(toMx, asked, it)).toBe(true);
});

test('one that reaches nobody either is not', () => {
  const both = [...toMx, ...['a1', 'remote', 'www'].map((to) => silence('mx', to))];
  for (const it of both) expect(excusedIn(both, asked, it)).toBe(false);
});

test('what is answered over the other family proves nothing', () => {
  const both = [...toMx, silence('mx', 'a1'), silence('a1', 'mx', 'v6')];
  expect(excusedIn(both, asked, silence('a1', 'mx'))).toBe(false);
  expect(excusedIn(both, asked, silence('a1', 'mx', 'v6'))).toBe(true);
});

test('a host that was not asked itself is asked first', () => {
  expect(excusedIn(toMx, ['a1', 'remote', 'www'], silence('a1', 'mx'))).toBe(false);
});

test('two that answer nobody vouch for each other when others answer both', () => {
  const quiet = [...toMx, ...['a1', 'remote', 'mx'].map((from) => silence(from, 'www'))];
  expect(excusedIn(quiet, asked, silence('mx', 'www'))).toBe(true);
});
