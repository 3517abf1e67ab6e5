import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { StreamParser } from '@codemirror/language';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { frr } from '../../../../../renderer/features/editor/languages/frr.ts';
import { languageOf } from '../../../../../renderer/features/editor/languages/language-of.ts';
import { named } from '../../../../../renderer/features/editor/languages/named.ts';
import { nftables } from '../../../../../renderer/features/editor/languages/nftables.ts';
import { postfixMain, postfixMaster, postfixTable } from '../../../../../renderer/features/editor/languages/postfix.ts';
import { settings } from '../../../../../renderer/features/editor/languages/settings.ts';
import { zone } from '../../../../../renderer/features/editor/languages/zone.ts';
import { tokens } from './tokens.ts';

describe('frr.conf', () => {
  test('a neighbour has its command and its addresses marked', () => {
    expect(tokens(frr, 'router bgp 64496\n neighbor 2001:db8:0:111::2 remote-as 64510')).toEqual([
      'router keyword',
      'bgp typeName',
      '64496 number',
      'neighbor keyword',
      '2001:db8:0:111::2 literal',
      '64510 number',
    ]);
  });

  test('names of lists stand out, and so does what they say', () => {
    expect(tokens(frr, 'ip prefix-list OUTSIDE4 seq 10 deny 192.0.2.0/24 le 32')).toEqual([
      'ip keyword',
      'OUTSIDE4 variableName',
      '10 number',
      'deny atom',
      '192.0.2.0/24 literal',
      '32 number',
    ]);
    expect(tokens(frr, 'neighbor 100.64.1.6 route-map CUSTOMER-B-IN in')).toEqual([
      'neighbor keyword',
      '100.64.1.6 literal',
      'CUSTOMER-B-IN variableName',
      'in modifier',
    ]);
  });

  test('a command that is taken back is still that command', () => {
    expect(tokens(frr, ' no bgp default ipv4-unicast')).toEqual(['no modifier', 'bgp keyword']);
  });

  test('descriptions and secrets are text to the end of the line', () => {
    expect(tokens(frr, ' description Customer B, AS 64510')).toEqual([
      'description keyword',
      'Customer B, AS 64510 string',
    ]);
  });

  test('an exclamation mark begins a comment, a community is one number', () => {
    expect(tokens(frr, '!\n set community 64496:100')).toEqual(['! comment', 'set keyword', '64496:100 number']);
  });
});

describe('nftables', () => {
  test('a rule has its selectors, its set and its verdict marked', () => {
    expect(tokens(nftables, '\t\tiifname . ip saddr @registered4 accept # by right')).toEqual([
      'iifname propertyName',
      '. operator',
      'ip propertyName',
      '@registered4 variableName',
      'accept atom',
      '# by right comment',
    ]);
  });

  test('a chain has its place', () => {
    expect(tokens(nftables, 'type filter hook prerouting priority raw; policy drop;')).toEqual([
      'type keyword',
      'hook keyword',
      'prerouting typeName',
      'priority keyword',
      '; punctuation',
      'policy keyword',
      'drop atom',
      '; punctuation',
    ]);
  });

  test('elements are strings and addresses of both families', () => {
    expect(tokens(nftables, '"to_ceb" . 2001:db8:b::/48, 192.0.2.160/27')).toEqual([
      '"to_ceb" string',
      '. operator',
      '2001:db8:b::/48 literal',
      ', punctuation',
      '192.0.2.160/27 literal',
    ]);
  });

  test('a counter can be made, named, or just count', () => {
    expect(tokens(nftables, 'counter name spoofed4 drop')).toEqual([
      'counter keyword',
      'name keyword',
      'spoofed4 variableName',
      'drop atom',
    ]);
    expect(tokens(nftables, 'counter drop')).toEqual(['counter keyword', 'drop atom']);
  });
});

describe('named.conf', () => {
  test('statements, values and all three comments', () => {
    expect(tokens(named, 'recursion no; // a\n# b\n/* c\nd */ allow-transfer { !192.0.2.3; key "k"; };')).toEqual([
      'recursion keyword',
      'no atom',
      '; punctuation',
      '// a comment',
      '# b comment',
      '/* c comment',
      'd */ comment',
      'allow-transfer keyword',
      '{ punctuation',
      '! operator',
      '192.0.2.3 literal',
      '; punctuation',
      'key keyword',
      '"k" string',
      '; punctuation',
      '} punctuation',
      '; punctuation',
    ]);
  });
});

describe('zone files', () => {
  test('a record has its name, its type and its data', () => {
    expect(tokens(zone, '$TTL 3600\nmail\tIN A    192.0.2.130 ; the server')).toEqual([
      '$TTL meta',
      '3600 number',
      'mail variableName',
      'IN modifier',
      'A keyword',
      '192.0.2.130 literal',
      '; the server comment',
    ]);
  });

  test('a record goes on within parentheses, and the next one begins after them', () => {
    expect(tokens(zone, '@ IN SOA ns1 hostmaster (\n 2026112101\n60 )\n\tIN NS ns1')).toEqual([
      '@ variableName',
      'IN modifier',
      'SOA keyword',
      '( punctuation',
      '2026112101 number',
      '60 number',
      ') punctuation',
      'IN modifier',
      'NS keyword',
    ]);
  });

  test('a name in the data may be called like a type', () => {
    expect(tokens(zone, 'www CNAME mx')).toEqual(['www variableName', 'CNAME keyword']);
  });
});

describe('Postfix', () => {
  test('main.cf: a value is a list of restrictions, tables and addresses', () => {
    expect(tokens(postfixMain, 'smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination')).toEqual([
      'smtpd_relay_restrictions propertyName',
      '= operator',
      'permit_mynetworks atom',
      ', punctuation',
      'reject_unauth_destination atom',
    ]);
    expect(tokens(postfixMain, 'mynetworks = 127.0.0.0/8 [::1]/128')).toEqual([
      'mynetworks propertyName',
      '= operator',
      '127.0.0.0/8 literal',
      '[::1]/128 literal',
    ]);
    expect(tokens(postfixMain, 'virtual_alias_maps = texthash:/etc/postfix/virtual $x')).toEqual([
      'virtual_alias_maps propertyName',
      '= operator',
      'texthash: typeName',
      '$x variableName',
    ]);
  });

  test('main.cf: a line that begins with a space goes on', () => {
    expect(tokens(postfixMain, 'mynetworks =\n  all\n# what\nbiff = no')).toEqual([
      'mynetworks propertyName',
      '= operator',
      'all bool',
      '# what comment',
      'biff propertyName',
      '= operator',
      'no bool',
    ]);
  });

  test('master.cf: eight columns, then options', () => {
    expect(
      tokens(postfixMaster, 'smtp inet n - y - 1 smtpd\n  -o smtpd_tls_security_level=encrypt\nqmgr unix n'),
    ).toEqual([
      'smtp keyword',
      'inet typeName',
      'n number',
      '- comment',
      'y number',
      '- comment',
      '1 number',
      'smtpd variableName',
      '-o modifier',
      'smtpd_tls_security_level propertyName',
      '= operator',
      'encrypt bool',
      'qmgr keyword',
      'unix typeName',
      'n number',
    ]);
  });

  test('tables: what is looked for, and what is found', () => {
    expect(tokens(postfixTable, '# roles\nabuse@isp.example alice bob')).toEqual([
      '# roles comment',
      'abuse@isp.example propertyName',
      'alice variableName',
      'bob variableName',
    ]);
  });
});

test('settings of all kinds begin with a word', () => {
  expect(tokens(settings, 'net.ipv4.ip_forward = 1 # routes\n  address 192.0.2.2/27')).toEqual([
    'net.ipv4.ip_forward propertyName',
    '= punctuation',
    '1 number',
    '# routes comment',
    'address propertyName',
    '192.0.2.2/27 literal',
  ]);
});

const all: readonly StreamParser<never>[] = [
  frr,
  named,
  nftables,
  postfixMain,
  postfixMaster,
  postfixTable,
  settings,
  zone,
] as never;

test('no text stops a language', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.constantFrom(...'aA1:./"\'{}[]()#!;$@=-, \t*')).map((it) => it.join('')),
  );
  const everywhere = fc.property(fc.array(line), fc.constantFrom(...all), (lines, language) => {
    tokens(language, lines.join('\n'));
  });
  expect(() => fc.assert(everywhere)).not.toThrow();
});

test('every file of the reference ISP has the language of its service', () => {
  const configs = join(import.meta.dirname, '../../../../../topologies/isp/configs');
  const paths = readdirSync(configs, { recursive: true, encoding: 'utf8' }).filter((it) => /\/etc\/.*\w$/.test(it));
  const counts = new Map<string, number>();
  for (const path of paths) {
    const { name } = languageOf(path);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual([
    'frr',
    'named',
    'nftables',
    'postfix-main',
    'postfix-master',
    'postfix-table',
    'settings',
    'zone',
  ]);
  expect(languageOf('ns1/etc/bind/zones/isp.example').name).toBe('zone');
  expect(languageOf('remote/etc/bind/root.hints').name).toBe('zone');
  expect(languageOf('ns1/etc/bind/named.conf.options').name).toBe('named');
  expect(languageOf('mx/etc/postfix/sender_login').name).toBe('postfix-table');
  expect(languageOf('pe1/etc/sysctl.d/10-router.conf').name).toBe('settings');
});
