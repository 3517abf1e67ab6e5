import type { StreamParser } from '@codemirror/language';

import { eatAddress } from './address.ts';

interface State {
  /** Words of the line so far. */
  words: number;
  /** The word before, which tells what a name names. */
  before: string;
}

/** After these comes a name that somebody chose. */
const naming = new Set([
  'access-list',
  'as-path',
  'chain',
  'community-list',
  'extcommunity-list',
  'filter-list',
  'hostname',
  'interface',
  'large-community-list',
  'peer-group',
  'prefix-list',
  'rpki',
  'update-source',
  'vrf',
]);

/** After these the rest of the line is text. */
const text = new Set(['banner', 'description', 'key-string', 'md5', 'password']);

const directions = new Set(['in', 'out']);
const verdicts = new Set(['deny', 'permit']);

/** FRR's `frr.conf`: commands line by line, `!` for comments. */
export const frr: StreamParser<State> = {
  name: 'frr',
  languageData: { commentTokens: { line: '!' } },
  startState: () => ({ words: 0, before: '' }),
  token(stream, state) {
    if (stream.sol()) {
      state.words = 0;
      state.before = '';
    }
    if (stream.eatSpace()) return null;
    if (state.words === 0 && /[!#]/.test(stream.peek() ?? '')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (text.has(state.before)) {
      stream.skipToEnd();
      return 'string';
    }
    const { before } = state;
    state.words += 1;
    if (eatAddress(stream)) {
      state.before = '';
      return 'literal';
    }
    stream.match(/^\S+/);
    const word = stream.current();
    state.before = word;
    if (word === 'no' && state.words === 1) {
      state.words = 0; // `no neighbor …` is the command `neighbor`, undone.
      return 'modifier';
    }
    if (verdicts.has(word)) return 'atom';
    if (naming.has(before) || (before === 'route-map' && !directions.has(word))) return 'variableName';
    if (state.words === 1) return 'keyword';
    if (/^\d+(?::\d+)*$/.test(word)) return 'number';
    if (before === 'router' || before === 'address-family') return 'typeName';
    return directions.has(word) ? 'modifier' : null;
  },
};
