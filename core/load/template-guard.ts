import nunjucks from 'nunjucks';

/**
 * Nunjucks is no sandbox: from any value a template can walk to `constructor`, and from there to all
 * of Node. Templates come from other people's repositories, so the one function through which every
 * `a.b` and `a[b]` goes is narrowed to data: own properties, and the methods of strings and lists.
 */
export function guardTemplates(): void {
  const { runtime } = nunjucks as unknown as { runtime: { memberLookup: Lookup } };
  runtime.memberLookup = lookUp;
}

type Lookup = (object: unknown, key: unknown) => unknown;

function lookUp(object: unknown, key: unknown): unknown {
  if (object === undefined || object === null || typeof object === 'function') return undefined;
  const name = String(key);
  if (Object.hasOwn(Object(object) as object, name)) return bound(object, name);
  const methods = typeof object === 'string' ? String.prototype : Array.isArray(object) ? Array.prototype : undefined;
  if (methods === undefined || name === 'constructor' || !Object.hasOwn(methods, name)) return undefined;
  return bound(object, name);
}

function bound(object: unknown, name: string): unknown {
  const value = (Object(object) as Record<string, unknown>)[name];
  return typeof value === 'function'
    ? (...values: unknown[]): unknown => value.apply(object, values) as unknown
    : value;
}

const rangeLimit = 10_000;

/** Nunjucks' own `range`, with an end: a template must not fill the memory. */
export const templateGlobals = {
  range: (...bounds: number[]): number[] => {
    const [start, stop, step] =
      bounds.length > 1 ? [bounds[0] ?? 0, bounds[1] ?? 0, bounds[2] ?? 1] : [0, bounds[0] ?? 0, 1];
    const count = Math.max(0, Math.ceil((stop - start) / step));
    if (!(count <= rangeLimit)) throw new RangeError(`range() of ${count} numbers; at most ${rangeLimit}`);
    return Array.from({ length: count }, (_, index) => start + index * step);
  },
} as const;
