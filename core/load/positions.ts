import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';

import { fileStart, type Position } from './complaints.ts';

export type Path = readonly PropertyKey[];

/** A place in a YAML document: that of a value, or that of its key. */
export interface Place {
  /** False when the path ends before: something is missing, and the place is that of its nearest parent. */
  readonly exists: boolean;
  readonly key: Position;
  readonly value: Position;
}

/** Finds where a value stands that the checked JavaScript value has at `path`. Follows aliases. */
export function placeOf(document: Document, lines: Lines, path: Path): Place {
  let key: Node | undefined;
  let value = document.contents as Node | null | undefined;
  for (const segment of path) {
    const step = stepInto(document, value, segment);
    if (step === undefined) return { ...placesOf(lines, key, value), exists: false };
    [key, value] = step;
  }
  return { ...placesOf(lines, key, value), exists: true };
}

type Step = [key: Node | undefined, value: Node | undefined];

function stepInto(document: Document, from: Node | null | undefined, segment: PropertyKey): Step | undefined {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => keyText(key) === String(segment));
    return pair === undefined ? undefined : [pair.key as Node, (pair.value ?? undefined) as Node | undefined];
  }
  if (isSeq(node)) {
    const item = node.items[Number(segment)] as Node | undefined;
    return item === undefined ? undefined : [undefined, item];
  }
  return undefined;
}

/** A key as JavaScript will see it. */
export function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function placesOf(lines: Lines, key: Node | undefined, value: Node | null | undefined): Omit<Place, 'exists'> {
  const ofKey = startOf(lines, key);
  const ofValue = startOf(lines, value);
  return { key: ofKey ?? ofValue ?? fileStart, value: ofValue ?? ofKey ?? fileStart };
}

function startOf(lines: Lines, node: Node | null | undefined): Position | undefined {
  const offset = node?.range?.[0];
  return offset === undefined ? undefined : lines.at(offset);
}

/** Where the lines of a text begin. (The library's own counter misses those that its parser stumbles over.) */
export class Lines {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
    this.#length = text.length;
  }

  /** The position of an offset; one behind the end is the end. */
  at(offset: number): Position {
    const inside = Math.min(Math.max(offset, 0), this.#length);
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= inside) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: inside - (this.#starts[low] ?? 0) + 1 };
  }
}
