import { expect, test } from 'vitest';

import { readAnswers } from '#core/daemons/ask.ts';
import { bind } from '#core/daemons/bind.ts';
import { frr } from '#core/daemons/frr.ts';

const boundary = '--5f';

/** What a node answers: the question, its words, its exit code. */
function answers(...parts: readonly (readonly [question: string, text: string, exitCode: number])[]): string {
  return parts
    .map(([question, text, exitCode]) => `\n${boundary} ${question}\n${text}${text === '' ? '' : '\n'}${exitCode}\n`)
    .join('');
}

test('a daemon that runs without a line refused it; the file is named as its author knows it', () => {
  const text = answers(['frr.dryrun', 'line 7: % Unknown command[7]:  foo', 2], ['frr.missing', '', 0]);
  expect(readAnswers('br1', [frr], text, boundary)).toEqual([
    {
      node: 'br1',
      daemon: 'frr',
      severity: 'refused',
      file: 'br1/etc/frr/frr.conf',
      line: 7,
      message: 'Unknown command: foo',
    },
  ]);
});

test('a daemon that is down says why, once', () => {
  const text = answers(
    ['named.check', "/etc/bind/named.conf.options:12: option 'dnssec-enable' no longer exists", 1],
    ['named.missing', 'named', 0],
    ['named.died', 'named[12]: exiting (due to fatal error)', 0],
  );
  expect(readAnswers('ns1', [bind], text, boundary)).toMatchObject([
    { severity: 'down', file: 'ns1/etc/bind/named.conf.options', line: 12 },
  ]);
});

test('one that is down and finds nothing wrong with its files speaks through its log', () => {
  const text = answers(
    ['named.check', '', 0],
    ['named.missing', 'named', 0],
    ['named.died', 'named[12]: loading\nnamed[12]: creating IPv4 interface lo failed; interface ignored', 0],
  );
  expect(readAnswers('ns1', [bind], text, boundary)).toEqual([
    {
      node: 'ns1',
      daemon: 'named',
      severity: 'down',
      message: 'named[12]: creating IPv4 interface lo failed; interface ignored',
    },
  ]);
});

test('a node without the daemon says nothing', () => {
  expect(readAnswers('a1', [frr, bind], '', boundary)).toEqual([]);
});
