import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { documents } from '../../../scripts/docs/documents.ts';
import { fillSections } from '../../../scripts/docs/sections.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const all = documents(root);

test('the documentation takes several documents from the code', () => {
  expect([...all.keys()]).toEqual([
    'docs/isp.svg',
    'README.md',
    'docs/lab-format.md',
    'docs/testing-your-templates.md',
    'docs/topology.md',
  ]);
});

test.each([...all])('%s is fresh; otherwise: npm run docs', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

test('a section that is missing is an error, never silence', () => {
  expect(() => fillSections('# Title\n', { fields: 'text' })).toThrow('begin fields');
});

test('what stands around a section stays', () => {
  const document = 'above\n<!-- begin fields -->\nold\n<!-- end fields -->\nbelow\n';
  expect(fillSections(document, { fields: 'new' })).toBe(
    'above\n<!-- begin fields -->\n\nnew\n\n<!-- end fields -->\nbelow\n',
  );
});
