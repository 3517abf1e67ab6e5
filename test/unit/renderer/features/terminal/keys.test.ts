import { expect, test } from 'vitest';

import { actionOf } from '../../../../../renderer/features/terminal/keys.ts';

const press = (keys: string, hasSelection = false) => {
  const parts = keys.split('+');
  const has = (name: string): boolean => parts.includes(name);
  return actionOf(
    { ctrlKey: has('Ctrl'), shiftKey: has('Shift'), altKey: has('Alt'), metaKey: false, key: parts.at(-1) ?? '' },
    hasSelection,
  );
};

test('Ctrl-C interrupts, and copies only what is selected', () => {
  expect(press('Ctrl+c')).toBeUndefined();
  expect(press('Ctrl+c', true)).toBe('copy');
  expect(press('Ctrl+Shift+C')).toBe('copy');
});

test('what shells and editors use is theirs', () => {
  for (const keys of ['Ctrl+v', 'Ctrl+f', 'Ctrl+r', 'Alt+f', 'Tab', 'F6', 'c'])
    expect(press(keys, true)).toBeUndefined();
});

test('pasting and searching take Shift', () => {
  expect(press('Ctrl+Shift+V')).toBe('paste');
  expect(press('Shift+Insert')).toBe('paste');
  expect(press('Ctrl+Shift+F')).toBe('search');
});
