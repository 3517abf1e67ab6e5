import { expect, test } from 'vitest';

import { describeAnswer, digCommand, readDig } from '#core/probes/dns/dig.ts';

const soa = "'cust-a.example. 3600 IN SOA ns1.isp.example. hostmaster.isp.example. 7 3600 600 1209600 60'";
const message = (status: string, flags: string, answer: string[], authority: string[] = []): string => `- type: MESSAGE
  message:
    type: AUTH_RESPONSE
    query_time: !!timestamp 2026-11-21T21:55:17.148Z
    message_size: 475b
    response_address: "192.0.2.2"
    response_message_data:
      opcode: QUERY
      status: ${status}
      id: 43226
      flags: ${flags}
      QUESTION: 1
      OPT_PSEUDOSECTION:
        EDNS:
          version: 0
          flags:
          udp: 1232
          COOKIE: 358cffcaf13412c7010000006b021331e885c3c2d30c1205 (good)
${section('ANSWER_SECTION', answer)}${section('AUTHORITY_SECTION', authority)}`;
const section = (name: string, records: string[]): string =>
  records.length === 0 ? '' : `      ${name}:\n${records.map((record) => `        - ${record}\n`).join('')}`;
const silence = '- type: DIG_ERROR\n  message: |\n    no servers could be reached\n';

test('answers come in the order of the questions', () => {
  const text =
    message('REFUSED', 'qr rd', []) + message('NOERROR', 'qr aa', ["'mx.isp.example. 3600 IN A 192.0.2.4'"]) + silence;
  expect(readDig(text, [{ type: 'A' }, { type: 'A' }, { type: 'A' }])).toEqual([
    { status: 'REFUSED', flags: ['qr', 'rd'], answer: [], authority: [] },
    { status: 'NOERROR', flags: ['qr', 'aa'], answer: ['mx.isp.example. 3600 IN A 192.0.2.4'], authority: [] },
    undefined,
  ]);
});

test('a refused transfer is one message, and what dig says about it is not YAML', () => {
  const text = `${message('REFUSED', 'qr', [])}; Transfer failed.\n${message('NOERROR', 'qr aa', [soa])}`;
  const [transfer, after] = readDig(text, [{ type: 'AXFR' }, { type: 'SOA' }]);
  expect(transfer?.status).toBe('REFUSED');
  expect(after?.answer).toHaveLength(1);
});

test('a transfer of several messages is put together up to its second SOA', () => {
  const parts = [
    [soa, "'a.cust-a.example. 1 IN A 192.0.2.1'"],
    ["'b.cust-a.example. 1 IN A 192.0.2.2'"],
    ["'c.cust-a.example. 1 IN A 192.0.2.3'", soa],
  ];
  const text = parts.map((records) => message('NOERROR', 'qr aa', records)).join('') + message('NXDOMAIN', 'qr aa', []);
  const [transfer, after] = readDig(text, [{ type: 'AXFR' }, { type: 'A' }]);
  expect(transfer?.answer).toHaveLength(5);
  expect(after?.status).toBe('NXDOMAIN');
});

test('an incremental transfer with nothing new is one SOA', () => {
  const text = message('NOERROR', 'qr aa', [soa]) + message('REFUSED', 'qr', []);
  expect(readDig(text, [{ type: 'IXFR=7' }, { type: 'A' }]).map((it) => it?.status)).toEqual(['NOERROR', 'REFUSED']);
});

test('less output than questions is an error: a silent server is told of, too', () => {
  expect(() => readDig(silence, [{ type: 'A' }, { type: 'A' }])).toThrow('dig told of 1 of 2 questions');
  expect(() => readDig('', [{ type: 'A' }])).toThrow('dig told of 0 of 1 questions');
});

test('an answer is described in a line', () => {
  const [answer] = readDig(
    message('NOERROR', 'qr aa', ["'a. 1 IN A 192.0.2.1'", "'b. 1 IN A 192.0.2.2'", "'c. 1 IN A 192.0.2.3'"]),
    [{ type: 'A' }],
  );
  expect(describeAnswer(answer)).toBe(
    'NOERROR (qr aa), 3 answers: a. 1 IN A 192.0.2.1; b. 1 IN A 192.0.2.2; and 1 more',
  );
  expect(describeAnswer(undefined)).toBe('no answer');
});

test('the command to repeat a question has its options', () => {
  const question = {
    server: '192.0.2.2',
    name: 'isp.example',
    type: 'AXFR',
    transport: 'tcp',
    recurse: false,
    key: 'hmac-sha256:k:c2VjcmV0',
  } as const;
  expect(digCommand('evil', question)).toBe(
    'breakwater exec evil -- dig @192.0.2.2 isp.example AXFR +tcp +norec -y hmac-sha256:k:c2VjcmV0',
  );
});
