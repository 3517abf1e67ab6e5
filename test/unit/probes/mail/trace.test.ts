import { expect, test } from 'vitest';

import { isAtRest, mailboxWith, type MailTrace, queueWith } from '#core/probes/mail/trace.ts';

const trace = (over: Partial<MailTrace>): MailTrace => ({ queued: [], delivered: [], log: [], ...over });
const queued = (queue: string, tokens: string[]): MailTrace => trace({ queued: [{ id: 'ABC', queue, tokens }] });

test('mail is at rest when no queue works on it', () => {
  expect(isAtRest(new Map([['mx', trace({})]]))).toBe(true);
  expect(isAtRest(new Map([['mx', queued('deferred', ['1'])]]))).toBe(true);
  expect(
    isAtRest(
      new Map([
        ['mx', trace({})],
        ['remote', queued('active', ['1'])],
      ]),
    ),
  ).toBe(false);
  expect(isAtRest(new Map([['mx', queued('incoming', ['1'])]]))).toBe(false);
});

test('a token is found whole: 1 is not 11', () => {
  const traces = new Map([
    ['mx', trace({ delivered: [{ mailbox: '/var/mail/virtual/alice/new/x', tokens: ['11'] }] })],
  ]);
  expect(mailboxWith(traces, 'mx', 'nonce-11')).toBe('/var/mail/virtual/alice/new/x');
  expect(mailboxWith(traces, 'mx', 'nonce-1')).toBeUndefined();
  expect(mailboxWith(traces, 'remote', 'nonce-11')).toBeUndefined();
});

test('a queue is named by what holds the message', () => {
  expect(queueWith(new Map([['mx', queued('deferred', ['3'])]]), 'mx', 'nonce-3')).toBe('deferred');
});
