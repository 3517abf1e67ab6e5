import { expect, test } from 'vitest';

import { parseDocument } from '#core/probes/document/parse.ts';
import { find, paths } from '#core/probes/document/part.ts';

const values = (
  text: string,
  path: string,
  format: 'facts' | 'headings' | 'security-txt' | 'certificate' = 'facts',
): unknown[] => find(parseDocument(text, format), path).map((it) => it.value);

/** The same facts in every form that people use. */
const forms = {
  yaml: `
version: 3.10
cases:
  own-scan: { verdict: allowed, rule: scanning }
  scan-of-neighbour: { verdict: prohibited, rule: scanning }
`,
  json: '{\n\t"cases": {"scan-of-neighbour": {"rule": "scanning", "verdict": "prohibited"},\n\t"own-scan": {"rule": "scanning", "verdict": "allowed"}}, "version": "3.10"}',
  'front matter': `---
'version': '3.10'
'cases':
  - { id: own-scan, verdict: 'allowed', rule: 'scanning' }
  - { id: scan-of-neighbour, verdict: 'prohibited', rule: 'scanning' }
---
What you may do.
`,
  markdown: `# Acceptable use

- **Version:** 3.10

## Cases

| case | rule | verdict |
|:--|--|--:|
| own-scan | scanning | allowed |
| scan-of-neighbour | scanning | prohibited |
`,
  html: `<!doctype html><title>Acceptable use</title><h1>Acceptable use</h1>
<!-- version: 2 -->
<dl><dt>Version<dd>3.10</dl>
<h2>Cases</h2>
<table><thead><tr><th>Case<th>Verdict<th>Rule</thead>
<tr><td>own-scan<td>allowed<td>scanning
<tr><td>scan-of-neighbour<td>prohibited<td>scanning</table>`,
};

test.for(Object.entries(forms))('facts are found by their names in %s', ([, text]) => {
  expect(values(text, 'version')).toEqual(['3.10']);
  expect(values(text, 'cases.own-scan.verdict')).toEqual(['allowed']);
  expect(values(text, 'cases.{own-scan,scan-of-neighbour}.rule')).toEqual(['scanning', 'scanning']);
  expect(values(text, 'cases.*.verdict')).toEqual(expect.arrayContaining(['allowed', 'prohibited']));
  expect(values(text, 'cases.agreed-load-test.verdict')).toEqual([undefined]);
});

test('a table of two keys is a matrix, and CSV is a table', () => {
  const matrix =
    '## Matrix\n\n| audience | kind | decision |\n|--|--|--|\n| press | personal-data | refuse |\n| press | weaknesses | refuse |\n| customers | weaknesses | share |\n';
  expect(values(matrix, 'matrix.press.weaknesses.decision')).toEqual(['refuse']);
  expect(values(matrix, 'matrix.customers.weaknesses.decision')).toEqual(['share']);
  expect(values('Name;Agreed\ncust-a;2026-11-03\ncust-b;"2026-11-04"\n', '*.agreed')).toEqual([
    '2026-11-03',
    '2026-11-04',
  ]);
});

test('a map of records is a list of records with names', () => {
  const map = 'customers:\n  cust-a: { minutes: 15 }\n  cust-b: { minutes: 30 }\n';
  expect(values(map, 'customers.*.name')).toEqual(['cust-a', 'cust-b']);
  expect(values('notice: { sent-to: x }\nname: y\n', 'notice.name')).toEqual([undefined]);
});

test('fields go on in lines that begin with a blank, and may be said more than once', () => {
  const text =
    'What we keep\n\nCONTROLLER:   Example ISP\nKept: logs, for 14 days;\n      contracts for three years\nKept: letters\n\nThat is all.\n';
  expect(values(text, 'controller')).toEqual(['Example ISP']);
  expect(values(text, 'kept')).toEqual(['logs, for 14 days; contracts for three years', 'letters']);
  expect(values(text, 'purpose')).toEqual([undefined]);
});

test('what is said twice, and differently, stays there twice', () => {
  expect(values('# T\n\n- **Version:** 3\n- **Version:** 4\n\n## X\n\n', 'version')).toEqual(['3', '4']);
  expect(() => parseDocument('version: 3\nversion: 4\n', 'facts')).toThrow(/unique/);
});

test('what only a browser hides says nothing', () => {
  const hidden =
    '<html><p hidden>Contact: a@b.example</p><p style="display: none">Contact: c@d.example</p><!-- Contact: e@f.example --><p>Hello</p></html>';
  expect(values(hidden, 'contact')).toEqual([undefined]);
});

const sections = (text: string, ...at: string[]): unknown[] => at.flatMap((it) => values(text, it, 'headings'));

test('sections are found by their numbers, with margins, over pages, and in Markdown', () => {
  const plain =
    '1 Document Information\n\n1.1 Date of Last Update\n\n   2026-11-02\n\n2 Contact Information\n\n2.4 Telephone Number\n\n   None\n';
  const paged = `\n   Table of Contents\n\n      1.  Document Information ........ 1\n      1.1. Date of Last Update ....... 1\n\n   1.  Document Information\n\n   1.1.  Date of Last Update\n\n      2026-11-02\n\n\nArcher            Informational          [Page 1]\n\f\nRFC 2350      EXAMPLE-CERT      November 2026\n\n   2.  Contact Information\n\n   2.4.  Telephone Number\n\n      None\n`;
  const markdown =
    '# Team\n\n## 1. Document Information\n\n### 1.1. Date of Last Update\n\n2026-11-02\n\n## 2. Contact Information\n\n### 2.4. Telephone Number\n\nNone\n';
  for (const text of [plain, paged, markdown]) expect(sections(text, '1.1', '2.4')).toEqual(['2026-11-02', 'None']);
  expect(sections(plain, '1.3')).toEqual([undefined]);
});

test('a sentence that begins with a number is no section', () => {
  expect(
    sections('2 Contact Information\n\n2.4 Telephone Number\n\nCall us.\n24 hours a day somebody answers.\n', '2.4'),
  ).toEqual(['Call us.\n24 hours a day somebody answers.']);
});

test('an advisory of CSAF tells what customers ask', () => {
  const advisory = {
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      title: 'Routers restart',
      tracking: {
        id: 'EX-1',
        initial_release_date: '2026-11-23T14:00:00Z',
        current_release_date: '2026-11-23T14:00:00Z',
      },
      references: [{ summary: 'more', url: 'https://www.isp.example/x' }],
    },
    vulnerabilities: [
      {
        discovery_date: '2026-11-23T09:00:00Z',
        product_status: { known_affected: ['S'] },
        notes: [{ category: 'other', title: 'customers', text: 'cust-a, cust-b' }],
        threats: [{ category: 'impact', details: 'The line is down for two minutes.' }],
        remediations: [{ category: 'vendor_fix', details: 'We replace the software.', date: '2026-12-02T06:00:00Z' }],
      },
    ],
  };
  const text = JSON.stringify({ notices: [advisory] });
  const said = (name: string): unknown[] => values(text, `notices.EX-1.${name}`);
  expect(['status', 'published', 'disclosed', 'customers', 'schedule', 'reference'].flatMap(said)).toEqual([
    'affected',
    '2026-11-23T14:00:00Z',
    '2026-11-23T09:00:00Z',
    'cust-a, cust-b',
    '2026-12-02T06:00:00Z',
    'https://www.isp.example/x',
  ]);
  expect(said('impact')).toEqual(['The line is down for two minutes.']);
});

test('a certificate is what openssl tells of it', () => {
  const told = 'sha256 Fingerprint=AA:BB\nnotAfter=Nov 22 15:17:15 2036 GMT\nsecurity@isp.example\n';
  expect(values(told, 'fingerprint', 'certificate')).toEqual(['AA:BB']);
  expect(values(told, 'expires', 'certificate')).toEqual(['2036-11-22T15:17:15.000Z']);
});

test('choices in a path are each a path', () => {
  expect(paths('a.{b,c}.{d,e}')).toEqual(['a.b.d', 'a.b.e', 'a.c.d', 'a.c.e']);
});
