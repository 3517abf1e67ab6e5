import { expect, test } from 'vitest';

import { find, parseDocument } from '#core/probes/document/parse.ts';

test('fields are found by name in any case, each as often as it stands there', () => {
  const parts = parseDocument('# a comment\nContact: mailto:a@isp.example\ncontact: https://isp.example/\n', 'fields');
  expect(find(parts, 'Contact').map((it) => it.value)).toEqual(['mailto:a@isp.example', 'https://isp.example/']);
  expect(find(parts, 'Expires')).toEqual([{ path: 'Expires', value: undefined }]);
});

test('sections are found by number, and one without text of its own says what its subsections say', () => {
  const parts = parseDocument(
    '2. Contact\n\n2.7 Mail\n\n   a@isp.example\n   12 persons read it.\n\n5 Services\n',
    'headings',
  );
  expect(find(parts, '2.7')).toEqual([{ path: '2.7', value: 'a@isp.example\n   12 persons read it.' }]);
  expect(find(parts, '2')[0]?.value).toContain('a@isp.example');
  expect(find(parts, '5')[0]?.value).toBeUndefined();
});

test('YAML is found by path, above prose too, and what a list item lacks is missed', () => {
  const parts = parseDocument(
    '---\nteams:\n  - mail: a@isp.example\n  - name: b\nat: 2026-11-25\n---\nText.\n',
    'yaml',
  );
  expect(find(parts, 'teams.*.mail')).toEqual([
    { path: 'teams.0.mail', value: 'a@isp.example' },
    { path: 'teams.1.mail', value: undefined },
  ]);
  expect(find(parts, 'prose')[0]?.value).toBe('Text.');
  expect(find(parts, 'at')[0]?.value).toBe('2026-11-25');
});

test.for(['', 'null', '{"teams": []}', 'teams: soon', '- 1'])('in %j nothing is found, and that is said', (text) => {
  expect(find(parseDocument(text, 'yaml'), 'teams.*.mail')[0]?.value).toBeUndefined();
});

test('of a certificate the end is a time', () => {
  const told = 'sha256 Fingerprint=AA:BB\nnotAfter=Nov  1 00:00:00 2027 GMT\nsecurity@isp.example\n';
  const parts = parseDocument(told, 'certificate');
  expect(['fingerprint', 'expires', 'email'].map((at) => find(parts, at)[0]?.value)).toEqual([
    'AA:BB',
    '2027-11-01T00:00:00.000Z',
    'security@isp.example',
  ]);
});
