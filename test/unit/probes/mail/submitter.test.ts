import { expect, test } from 'vitest';

import { submitterOf } from '#core/probes/mail/submitter.ts';

const cleanup = 'Nov 21 12:00:00 mx postfix/cleanup[78]: 4F2A81C03: message-id=<abc-7@breakwater.example>';
const smtpd = 'Nov 21 12:00:00 mx postfix/submission/smtpd[77]: 4F2A81C03: client=mail.evil.example';
const login = 'sasl_method=PLAIN, sasl_username=bob';

test('the Message-Id leads to login, address and port', () => {
  expect(submitterOf([`${smtpd}[198.51.100.66]:40000, ${login}`, cleanup], 'abc-7')).toEqual({
    user: 'bob',
    address: '198.51.100.66',
    port: 40_000,
  });
  expect(submitterOf([`${smtpd}[2001:db8:500:1:0::66]:40000, ${login}`, cleanup], 'abc-7')?.address).toBe(
    '2001:db8:500:1::66',
  );
});

test('who did not log in, and a port that was not logged, are told as absent', () => {
  expect(submitterOf([`${smtpd}[192.0.2.131]`, cleanup], 'abc-7')).toEqual({ address: '192.0.2.131' });
});

test('a trail that ends before the client is none', () => {
  expect(submitterOf([cleanup], 'abc-7')).toBeUndefined();
  expect(submitterOf([`${smtpd}[192.0.2.131]:4, ${login}`], 'abc-7')).toBeUndefined();
});

test('another message is not taken for this one', () => {
  expect(submitterOf([`${smtpd}[192.0.2.131]:4, ${login}`, cleanup], 'abc-70')).toBeUndefined();
  expect(submitterOf([`${smtpd}[192.0.2.131]:4, ${login}`, cleanup], 'bc-7')).toBeUndefined();
});
