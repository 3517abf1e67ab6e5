import type { StreamParser } from '@codemirror/language';

import { eatAddress } from './address.ts';

const types = new Set(['A', 'AAAA', 'CAA', 'CNAME', 'DNAME', 'DNSKEY', 'DS', 'HINFO', 'LOC', 'MX', 'NAPTR', 'NS']);
for (const type of ['NSEC', 'NSEC3', 'PTR', 'RRSIG', 'SOA', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT']) types.add(type);
const classes = new Set(['CH', 'HS', 'IN']);

interface State {
  /** The type of the record was read: what follows is its data. */
  inData: boolean;
  /** Within parentheses a record goes on over lines. */
  inParentheses: boolean;
}

/** Master files of zones (RFC 1035, section 5). */
export const zone: StreamParser<State> = {
  name: 'zone',
  languageData: { commentTokens: { line: ';' } },
  startState: () => ({ inData: false, inParentheses: false }),
  token(stream, state) {
    if (stream.sol() && !state.inParentheses) {
      state.inData = false;
      if (stream.match(/^\$[A-Z]+/)) return 'meta';
      if (stream.match(/^[^\s;()]+/)) return 'variableName';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^;.*/)) return 'comment';
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^[()]/)) {
      state.inParentheses = stream.current() === '(';
      return 'punctuation';
    }
    if (eatAddress(stream)) return 'literal';
    if (stream.match(/^\d+[smhdw]?(?![\w.-])/i)) return 'number';
    if (!stream.match(/^[^\s;()"]+/)) {
      stream.next();
      return null;
    }
    const word = stream.current().toUpperCase();
    if (!state.inData && classes.has(word)) return 'modifier';
    if (!state.inData && types.has(word)) {
      state.inData = true;
      return 'keyword';
    }
    return null;
  },
};
