import { find, isNamed, type Part, placesAt, textOf } from './part.ts';
import type { Rule } from './rules.ts';
import { plain } from './values.ts';

/** Each list of rungs climbs: who falls from a ladder falls from its lowest rung. */
export function ladderBreach({ at }: Rule, ladder: NonNullable<Rule['ladder']>, parts: Part): string | undefined {
  const { of, order, direct, through, reach } = ladder;
  const highest = order.length - 1;
  for (const path of [at].flat())
    for (const { at: names, part } of placesAt(parts, path)) {
      const where = names.join('.');
      const rungs = (Array.isArray(part) ? (part as readonly Part[]) : isNamed(part) ? Object.values(part) : []).map(
        (it) => order.findIndex((name) => plain(name) === plain(textOf(isNamed(it) ? it[of] : it) ?? '')),
      );
      const [first] = rungs;
      if (first === undefined) return `${where} is not there, or empty`;
      if (rungs.includes(-1)) return `${where} has a step that is none of ${order.join(', ')}`;
      if (rungs.some((it, index) => index > 0 && it <= (rungs[index - 1] ?? 0))) return `${where} does not climb`;
      const rule = names.at(-2) ?? '';
      const beside = find(parts, [...names.slice(0, -1), direct].join('.'))[0]?.value;
      if (first > 0 && (beside === undefined || first > 1)) return `${where} begins with ${order[first]}`;
      const leads = reach.some((it) => plain(it) === plain(rule));
      if (leads && rungs.at(-1) !== highest) return `${where} does not lead to ${order[highest]}`;
      if (!leads && through !== undefined && rungs.at(-1) === highest && !rungs.includes(order.indexOf(through)))
        return `${where} leads to ${order[highest]} without ${through}`;
    }
  return undefined;
}
