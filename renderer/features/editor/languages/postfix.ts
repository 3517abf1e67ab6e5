import type { StreamParser, StringStream } from '@codemirror/language';

import { eatAddress } from './address.ts';

interface State {
  /** Words of the logical line so far; it goes on where a line begins with a space. */
  words: number;
  inValue: boolean;
}

/** Postfix's `main.cf`: `name = value`, where values are lists. */
export const postfixMain: StreamParser<State> = {
  name: 'postfix-main',
  languageData: { commentTokens: { line: '#' } },
  startState: () => ({ words: 0, inValue: false }),
  token(stream, state) {
    if (stream.sol() && !/\s/.test(stream.peek() ?? ' ')) state.inValue = false;
    if (comment(stream)) return 'comment';
    if (stream.eatSpace()) return null;
    if (!state.inValue) {
      if (stream.eat('=')) {
        state.inValue = true;
        return 'operator';
      }
      stream.match(/^[^\s=]+/);
      return 'propertyName';
    }
    return value(stream);
  },
};

/** Postfix's `master.cf`: a service a line with eight columns, and `-o name=value` below it. */
export const postfixMaster: StreamParser<State> = {
  name: 'postfix-master',
  languageData: { commentTokens: { line: '#' } },
  startState: () => ({ words: 0, inValue: false }),
  token(stream, state) {
    if (stream.sol()) {
      state.inValue = false;
      if (!/\s/.test(stream.peek() ?? ' ')) state.words = 0;
    }
    if (comment(stream)) return 'comment';
    if (stream.eatSpace()) {
      state.inValue = false;
      return null;
    }
    if (state.inValue) return value(stream);
    if (state.words >= 8) {
      if (stream.match(/^-[a-z]+(?=\s|$)/i)) return 'modifier';
      if (stream.match(/^[\w./]+(?==)/)) return 'propertyName';
      if (stream.eat('=')) {
        state.inValue = true;
        return 'operator';
      }
      return value(stream);
    }
    state.words += 1;
    stream.match(/^\S+/);
    if (state.words === 1) return 'keyword';
    if (state.words === 2) return 'typeName';
    if (state.words === 8) return 'variableName';
    return stream.current() === '-' ? 'comment' : 'number';
  },
};

/** A lookup table: what is looked for, and what is found. */
export const postfixTable: StreamParser<State> = {
  name: 'postfix-table',
  languageData: { commentTokens: { line: '#' } },
  startState: () => ({ words: 0, inValue: false }),
  token(stream, state) {
    const key = stream.sol() && !/\s/.test(stream.peek() ?? ' ');
    if (comment(stream)) return 'comment';
    if (stream.eatSpace()) return null;
    state.words += 1;
    stream.match(/^\S+/);
    return key ? 'propertyName' : 'variableName';
  },
};

/** Postfix knows comments as whole lines only. */
function comment(stream: StringStream): boolean {
  return stream.sol() && stream.match(/^\s*#.*/) !== null;
}

function value(stream: StringStream): string | null {
  if (stream.match(/^,/)) return 'punctuation';
  if (stream.match(/^\$(?:\{[^}]*\}?|\([^)]*\)?|\w+)/)) return 'variableName';
  if (stream.eat('[')) return eatAddress(stream) && stream.match(/^\](?:\/\d+)?/) ? 'literal' : 'punctuation';
  if (eatAddress(stream)) return 'literal';
  if (stream.match(/^(?:btree|cdb|cidr|hash|inline|lmdb|pcre|proxy|regexp|static|tcp|texthash|unix):/))
    return 'typeName';
  if (stream.match(/^(?:permit|reject|defer|warn_if_reject|check)(?:_\w+)?(?![\w/-])/)) return 'atom';
  if (stream.match(/^(?:yes|no|all|encrypt|may|none)(?![\w.-])/)) return 'bool';
  if (stream.match(/^\d+[smhdw]?(?![\w.-])/)) return 'number';
  if (!stream.match(/^[^\s,$]+/)) stream.next();
  return null;
}
