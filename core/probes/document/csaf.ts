import { z } from 'zod';

import { isNamed, type Named, nameOf, type Part } from './part.ts';

const text = z.string().optional();

/** What an advisory in the Common Security Advisory Framework (OASIS, CSAF 2.0 and 2.1) says, as far as customers ask. */
const Advisory = z.looseObject({
  document: z.looseObject({
    csaf_version: z.string(),
    title: z.string(),
    tracking: z.looseObject({ id: z.string(), initial_release_date: z.string(), current_release_date: z.string() }),
    references: z.array(z.looseObject({ url: z.string() })).default([]),
    notes: z.array(z.looseObject({ title: text, category: text, text: z.string() })).default([]),
  }),
  vulnerabilities: z
    .array(
      z.looseObject({
        discovery_date: text,
        release_date: text,
        disclosure_date: text,
        product_status: z.record(z.string(), z.array(z.string())).default({}),
        notes: z.array(z.looseObject({ title: text, category: text, text: z.string() })).default([]),
        threats: z.array(z.looseObject({ category: z.string(), details: z.string() })).default([]),
        remediations: z.array(z.looseObject({ details: z.string(), date: text })).default([]),
        references: z.array(z.looseObject({ url: z.string() })).default([]),
      }),
    )
    .default([]),
});

/** The words of CSAF for what VEX calls the status of a product. */
const states: Readonly<Record<string, string>> = {
  known_affected: 'affected',
  first_affected: 'affected',
  last_affected: 'affected',
  known_not_affected: 'not_affected',
  fixed: 'fixed',
  first_fixed: 'fixed',
  under_investigation: 'under_investigation',
};

/** Advisories in a document, wherever they stand, as the facts that they tell; everything else stays as it is. */
export function readAdvisories(part: Part): Part {
  if (Array.isArray(part)) return (part as readonly Part[]).map(readAdvisories);
  if (!isNamed(part)) return part;
  const read = Advisory.safeParse(part);
  if (!read.success) return Object.fromEntries(Object.entries(part).map(([name, it]) => [name, readAdvisories(it)]));
  const { document, vulnerabilities } = read.data;
  const notes = [...document.notes, ...vulnerabilities.flatMap((it) => it.notes)];
  const noted = (...names: string[]): string | undefined =>
    notes.find((it) => names.includes(nameOf(it.title ?? '')))?.text;
  const remedies = vulnerabilities.flatMap((it) => it.remediations);
  const impact = vulnerabilities.flatMap((it) => it.threats).find((it) => it.category === 'impact')?.details;
  const status = vulnerabilities.flatMap((it) => Object.keys(it.product_status)).flatMap((name) => states[name] ?? []);
  const facts: Named = {
    id: document.tracking.id,
    title: document.title,
    published: document.tracking.initial_release_date,
    disclosed: vulnerabilities
      .map((it) => it.disclosure_date ?? it.discovery_date ?? it.release_date)
      .find((it) => it !== undefined),
    status: [...new Set(status)],
    customers: noted('customers', 'audience', 'who-is-concerned'),
    impact: noted('impact') ?? impact ?? notes.find((it) => it.category === 'description')?.text,
    action: remedies.length === 0 ? noted('action') : remedies.map((it) => it.details).join('\n'),
    schedule: remedies.map((it) => it.date).find((it) => it !== undefined) ?? noted('schedule') ?? 'none',
    reference: [...document.references, ...vulnerabilities.flatMap((it) => it.references)].map((it) => it.url),
  };
  return facts;
}
