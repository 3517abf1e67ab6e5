import { type StreamParser, StringStream } from '@codemirror/language';

/** What a language sees in a text: each word with its kind, spaces and plain words with none left out. */
export function tokens<State>(parser: StreamParser<State>, text: string): string[] {
  const state = parser.startState?.(2) as State;
  return text.split('\n').flatMap((line) => {
    const stream = new StringStream(line, 2, 2);
    const found: string[] = [];
    while (!stream.eol()) {
      stream.start = stream.pos;
      const kind = parser.token(stream, state);
      if (stream.pos === stream.start) throw new Error(`stuck at ${JSON.stringify(line.slice(stream.pos))}`);
      if (kind !== null) found.push(`${stream.current()} ${kind}`);
    }
    return found;
  });
}
