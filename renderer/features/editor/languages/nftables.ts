import type { StreamParser } from '@codemirror/language';

import { eatAddress } from './address.ts';

const keywords = new Set(['add', 'chain', 'counter', 'define', 'delete', 'elements', 'flags', 'flush', 'hook']);
for (const word of ['include', 'limit', 'log', 'map', 'name', 'policy', 'priority', 'rate', 'ruleset'])
  keywords.add(word);
for (const word of ['set', 'table', 'type']) keywords.add(word);
const verdicts = new Set(['accept', 'continue', 'drop', 'goto', 'jump', 'queue', 'reject', 'return']);
const selectors = new Set(['arp', 'bridge', 'ct', 'fib', 'icmp', 'icmpv6', 'iif', 'iifname', 'inet', 'ip', 'ip6']);
for (const word of ['meta', 'netdev', 'oif', 'oifname', 'socket', 'tcp', 'th', 'udp']) selectors.add(word);

/** After these comes a name that somebody chose, or the place of a chain. */
const naming = new Set(['chain', 'counter', 'define', 'goto', 'jump', 'map', 'name', 'set']);
const places = new Set(['forward', 'ingress', 'input', 'output', 'postrouting', 'prerouting']);

interface State {
  before: string;
  /** Blocks that are open here. */
  depth: number;
}

/** The language of nft(8). */
export const nftables: StreamParser<State> = {
  name: 'nftables',
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['{', '"'] }, indentOnInput: /^\s*\}$/ },
  startState: () => ({ before: '', depth: 0 }),
  indent: ({ depth }, textAfter, { unit }) => unit * Math.max(0, /^\s*\}/.test(textAfter) ? depth - 1 : depth),
  token(stream, state) {
    if (stream.eatSpace()) return null;
    const { before } = state;
    state.before = '';
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^"[^"]*"?/)) return 'string';
    if (stream.match(/^[@$][\w-]+/)) return 'variableName';
    if (eatAddress(stream)) return 'literal';
    if (stream.match(/^\d+(?:-\d+)?(?:[kmg]?bytes|[smhd])?(?![\w-])/i)) return 'number';
    if (stream.match(/^[{}();,]/)) {
      state.depth += { '{': 1, '}': -1 }[stream.current()] ?? 0;
      return 'punctuation';
    }
    if (stream.match(/^(?:==|!=|<=|>=|<<|>>|[=<>&|^!.:/*+-])/)) return 'operator';
    if (!stream.match(/^[a-z_][\w./-]*/i)) {
      stream.next();
      return null;
    }
    const word = stream.current();
    state.before = word;
    if (before === 'hook' && places.has(word)) return 'typeName';
    if (before === 'flush' && word === 'ruleset') return 'keyword';
    if (naming.has(before) && !keywords.has(word) && !verdicts.has(word) && word !== 'packets') return 'variableName';
    if (verdicts.has(word)) return 'atom';
    if (keywords.has(word)) return 'keyword';
    return selectors.has(word) ? 'propertyName' : null;
  },
};
