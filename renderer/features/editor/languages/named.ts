import type { StreamParser } from '@codemirror/language';

import { eatAddress } from './address.ts';

interface State {
  /** The next word begins a statement. */
  opens: boolean;
  inComment: boolean;
  /** Blocks that are open here. */
  depth: number;
}

const atoms = new Set(['any', 'auto', 'default', 'hint', 'localhost', 'localnets', 'master', 'no', 'none', 'primary']);
for (const word of ['secondary', 'slave', 'true', 'false', 'yes', 'forward', 'stub']) atoms.add(word);

/** BIND's `named.conf`: statements with blocks, three kinds of comments. */
export const named: StreamParser<State> = {
  name: 'named',
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['{', '"'] },
  },
  startState: () => ({ opens: true, inComment: false, depth: 0 }),
  indent: ({ depth }, textAfter, { unit }) => unit * Math.max(0, /^\s*\}/.test(textAfter) ? depth - 1 : depth),
  token(stream, state) {
    if (state.inComment || stream.match('/*')) {
      state.inComment = stream.match(/^.*?\*\//) === null;
      if (state.inComment) stream.skipToEnd();
      return 'comment';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^(?:\/\/|#).*/)) return 'comment';
    if (stream.match(/^[{};]/)) {
      state.opens = true;
      state.depth += { '{': 1, '}': -1 }[stream.current()] ?? 0;
      return 'punctuation';
    }
    if (stream.eat('!')) return 'operator';
    const { opens } = state;
    state.opens = false;
    if (stream.match(/^"[^"]*"?/)) return 'string';
    if (eatAddress(stream)) return 'literal';
    if (stream.match(/^\d+[kmg]?(?![\w-])/i)) return 'number';
    if (!stream.match(/^[^\s{};!"]+/)) {
      stream.next();
      return null;
    }
    const word = stream.current();
    if (atoms.has(word)) return 'atom';
    return opens ? 'keyword' : 'variableName';
  },
};
