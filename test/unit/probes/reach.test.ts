import { expect, test } from 'vitest';

import { parseAnswers } from '#core/probes/reach.ts';

test('answers are read from what fping and ncat leave', () => {
  const text = `echo 198.51.100.10 : xmt/rcv/%loss = 3/3/0%, min/avg/max = 0.10/0.12/0.15
echo 192.0.2.130   : xmt/rcv/%loss = 3/0/100%
fragments 2001:db8:500:1::10 : xmt/rcv/%loss = 3/1/66%, min/avg/max = 0.10/0.12/0.15
tcp 198.51.100.10 : open
tcp 192.0.2.130 : no connection
`;
  expect([...parseAnswers(text)]).toEqual([
    ['echo 198.51.100.10', { sent: 3, answered: 3 }],
    ['echo 192.0.2.130', { sent: 3, answered: 0 }],
    ['fragments 2001:db8:500:1::10', { sent: 3, answered: 1 }],
    ['tcp 198.51.100.10', { sent: 1, answered: 1 }],
    ['tcp 192.0.2.130', { sent: 1, answered: 0 }],
  ]);
});

test('a tool that complains has tried nothing and got nothing', () => {
  expect([...parseAnswers('echo fping: cannot bind source address\nsh: 1: ncat: not found\n')]).toEqual([]);
});
