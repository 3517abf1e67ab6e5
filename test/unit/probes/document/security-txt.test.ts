import { expect, test } from 'vitest';

import { securityTxtBreaches } from '#core/probes/document/security-txt.ts';

const canonical = 'https://www.isp.example/.well-known/security.txt';
const at = { type: 'text/plain; charset=utf-8', urls: [canonical], today: '2026-11-25' };
const sound = ['Contact: mailto:security@isp.example', 'Expires: 2027-09-30T22:00:00Z'];
const breaches = (...lines: string[]): string[] => securityTxtBreaches(lines.join('\n'), at);

test('a file is sound in any order, with names in any case, comments, and fields that nobody knows', () => {
  expect(breaches(...sound)).toEqual([]);
  expect(
    securityTxtBreaches(
      [
        '# for finders',
        '',
        'EXPIRES: 2027-06-30T23:59:59+02:00',
        'preferred-languages: en, de-CH',
        `Canonical: ${canonical}`,
        'Canonical: https://isp.example/.well-known/security.txt',
        'contact: tel:+44-20-7946-0123',
        'Contact: mailto:security@isp.example?subject=Report',
        'Contact: https://www.isp.example/security/',
        'Encryption: openpgp4fpr:5F2DE5521C63A801AB59CCB603D49DE44B29100F',
        'X-Team: EXAMPLE-CERT',
        '',
      ].join('\r\n'),
      at,
    ),
  ).toEqual([]);
});

test.for([
  ['no Contact', ['Expires: 2027-09-30T22:00:00Z']],
  ['no Expires', ['Contact: mailto:a@isp.example']],
  ['Expires twice', [...sound, 'Expires: 2027-09-30T22:00:00Z']],
  ['languages twice', [...sound, 'Preferred-Languages: en', 'Preferred-Languages: de']],
  ['languages that are none', [...sound, 'Preferred-Languages: English, de']],
  ['no language', [...sound, 'Preferred-Languages: en,']],
  ['an address without a scheme', [...sound, 'Contact: abuse@isp.example']],
  ['a blank in the URI', [...sound, 'Contact: mailto: abuse@isp.example']],
  ['a mailbox that is none', [...sound, 'Contact: mailto:abuse']],
  ['a mailbox as if it were a host', [...sound, 'Contact: mailto://abuse@isp.example']],
  ['a number that is none', [...sound, 'Contact: tel:0123']],
  ['the web without TLS', [...sound, 'Policy: http://www.isp.example/policy']],
  ['a key that stands there itself', [...sound, 'Encryption: data:text/plain,key']],
  ['a day without an hour', ['Contact: mailto:a@isp.example', 'Expires: 2027-09-30']],
  ['a day in words', ['Contact: mailto:a@isp.example', 'Expires: 30 September 2027']],
  ['expired', ['Contact: mailto:a@isp.example', 'Expires: 2026-11-24T00:00:00Z']],
  ['for ever', ['Contact: mailto:a@isp.example', 'Expires: 2036-11-24T00:00:00Z']],
  ['a line that is no field', [...sound, 'Write to us!']],
  ['another place', [...sound, 'Canonical: https://www.isp.example/security.txt']],
  [
    'something beside the signature',
    [
      'Contact: mailto:b@isp.example',
      '-----BEGIN PGP SIGNED MESSAGE-----',
      'Hash: SHA256',
      '',
      ...sound,
      '-----BEGIN PGP SIGNATURE-----',
      'x',
      '-----END PGP SIGNATURE-----',
    ],
  ],
] as const)('%s is not as RFC 9116 wants it', ([, lines]) => {
  expect(breaches(...lines)).toHaveLength(1);
});

test('what is signed is read, and it is text in UTF-8', () => {
  const signed = [
    '-----BEGIN PGP SIGNED MESSAGE-----',
    'Hash: SHA256',
    '',
    ...sound,
    '-----BEGIN PGP SIGNATURE-----',
    '',
    'x',
    '-----END PGP SIGNATURE-----',
  ];
  expect(breaches(...signed)).toEqual([]);
  expect(securityTxtBreaches(sound.join('\n'), { ...at, type: 'application/octet-stream' })).toHaveLength(1);
  expect(securityTxtBreaches(sound.join('\n'), { ...at, type: 'text/plain; charset=iso-8859-1' })).toHaveLength(1);
});
