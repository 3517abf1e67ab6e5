import { expect, test } from 'vitest';

import { monologueOf, readReplies } from '#core/probes/mail/early-talker.ts';

test('a bot says everything, to the end of the message and good-bye', () => {
  const said = monologueOf({
    token: 'abc-1',
    from: 'evil',
    server: 'mx',
    family: 'v4',
    host: '192.0.2.4',
    port: 25,
    helo: 'mail.evil.example',
    sender: 'win@evil.example',
    recipient: 'alice@isp.example',
  }).split('\r\n');
  expect(said.slice(0, 4)).toEqual([
    'EHLO mail.evil.example',
    'MAIL FROM:<win@evil.example>',
    'RCPT TO:<alice@isp.example>',
    'DATA',
  ]);
  expect(said.slice(-3)).toEqual(['.', 'QUIT', '']);
});

test.for([
  ['220 mx\r\n250 ok\r\n354 go on\r\n250 2.0.0 Ok: queued as ABCDEF\r\n221 bye\r\n', '', 'accepted'],
  ['220 mx\r\n250 ok\r\n503 5.5.0 <DATA>: improper use of pipelining\r\n', '', 'refused'],
  ['220 mx\r\n', '', 'refused'],
  ['', 'Ncat: Connection refused.', 'closed'],
  ['', 'Ncat: Connection timed out.', 'unreachable'],
])(
  'what the server answers to it is read from all answers in one: %j, %j is %s',
  ([replies = '', complaint = '', outcome]) => {
    expect(readReplies(replies, complaint).outcome).toBe(outcome);
  },
);

test('the answer that decided is the refusal, wherever it stands', () => {
  expect(readReplies('220 mx\n250 ok\n503 5.5.0 too early\n221 bye\n', '').reply).toBe('503 5.5.0 too early');
});
