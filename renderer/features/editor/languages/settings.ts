import type { StreamParser } from '@codemirror/language';

import { eatAddress } from './address.ts';

interface State {
  words: number;
}

/** What most other files in /etc are: a word and its values, `#` for comments. */
export const settings: StreamParser<State> = {
  name: 'settings',
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['{', '(', '"'] } },
  startState: () => ({ words: 0 }),
  token(stream, state) {
    if (stream.sol()) state.words = 0;
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'[^']*'?/)) return 'string';
    if (stream.match(/^[{}();,=]/)) return 'punctuation';
    state.words += 1;
    if (eatAddress(stream)) return 'literal';
    if (stream.match(/^-?\d+(?![\w.-])/)) return 'number';
    if (stream.match(/^(?:yes|no|true|false)(?![\w.-])/)) return 'bool';
    if (!stream.match(/^[^\s{}();,="']+/)) stream.next();
    return state.words === 1 ? 'propertyName' : null;
  },
};
