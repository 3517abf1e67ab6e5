import { expect, test } from 'vitest';

import { fatalSinceStart, helperThatIsMissing, isOwnFault } from '#core/probes/mail/silence.ts';

const started =
  '2026-11-21T22:00:00+00:00 mx postfix/master[336]: daemon started -- version 3.7.11, configuration /etc/postfix';
const reloaded =
  '2026-11-21T22:00:09+00:00 mx postfix/master[336]: reload -- version 3.7.11, configuration /etc/postfix';
const fatal =
  '2026-11-21T22:00:05+00:00 mx postfix/smtpd[401]: fatal: in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: reject_unauth_destination';
const throttled =
  '2026-11-21T22:00:06+00:00 mx postfix/master[336]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling';

test('what keeps smtpd from starting is told in its own words', () => {
  expect(fatalSinceStart([started, fatal, throttled].join('\n'))).toMatch(
    /^smtpd cannot start: in parameter smtpd_relay_restrictions/,
  );
});

test('a submission service that cannot start counts too', () => {
  expect(
    fatalSinceStart([started, fatal.replace('postfix/smtpd', 'postfix/submission/smtpd')].join('\n')),
  ).toBeDefined();
});

test('a fatal mistake before the last reload may be mended, and only waiting tells', () => {
  expect(fatalSinceStart([started, fatal, throttled, reloaded].join('\n'))).toBeUndefined();
});

test('a log without a fatal mistake gives no reason', () => {
  expect(fatalSinceStart(started)).toBeUndefined();
  expect(fatalSinceStart('')).toBeUndefined();
});

const milter =
  '2026-11-21T22:00:05+00:00 mx postfix/smtpd[401]: warning: connect to Milter service inet:127.0.0.1:8891: Connection refused';
const policy =
  '2026-11-21T22:00:06+00:00 mx postfix/submission/smtpd[402]: warning: problem talking to server 127.0.0.1:10023: Connection refused';

test.each([
  [milter, 'connect to Milter service inet:127.0.0.1:8891: Connection refused'],
  [policy, 'problem talking to server 127.0.0.1:10023: Connection refused'],
])('a program that smtpd asks about its clients, and that is not there, is named: %s', (line, words) => {
  expect(helperThatIsMissing([started, line].join('\n'))).toBe(words);
});

test('a program that was missing before the last reload may be there now', () => {
  expect(helperThatIsMissing([started, milter, policy, reloaded].join('\n'))).toBeUndefined();
  expect(helperThatIsMissing([started, fatal].join('\n'))).toBeUndefined();
});

test.each([
  ['421 mx.isp.example Service unavailable - try again later; to send mail, use port 587', true],
  ['451 4.7.1 Service unavailable - try again later', true],
  ['451 4.3.5 <alice@isp.example>: Recipient address rejected: Server configuration problem', true],
  ['450 4.7.1 <alice@isp.example>: Recipient address rejected: Greylisted', false],
  ['450 4.7.1 Error: too much mail from 198.51.100.10', false],
  ['421 4.7.0 mx.isp.example Error: too many connections from 198.51.100.10', false],
  ['554 5.7.1 <victim@remote.example>: Relay access denied', false],
])('what a server says of itself is told from what it says of its clients: %s', (reply, own) => {
  expect(isOwnFault(reply)).toBe(own);
});
