import { z } from 'zod';

import { NodeName } from '../../model/ids.ts';

const Length = z
  .string()
  .regex(/^\d+ (?:minutes?|hours?|days?)$/)
  .describe('A length of time, such as `30 days`');

const Place = z
  .strictObject({
    url: z.url().optional().describe('The other document, as its readers get it'),
    node: NodeName.optional().describe('Or the node where it lies, as a file'),
    file: z.string().startsWith('/').optional().describe('The file there'),
    format: z.enum(['facts', 'security-txt', 'headings', 'certificate', 'text']).describe('How it is written'),
    at: z.string().describe('What of it'),
    as: z
      .enum(['text', 'version', 'phone', 'longest', 'date'])
      .default('text')
      .describe(
        'As what both are compared: "3.0" is the same version as "version 3"; longest: the longest time there is named here, or a longer one up to `most`',
      ),
    most: Length.optional().describe('With longest: what nobody may exceed, whatever stands there'),
  })
  .refine((it) => (it.as === 'longest') === (it.most !== undefined), {
    message: 'longest needs most, and nothing else does',
  })
  .refine((it) => (it.url === undefined) !== (it.node === undefined || it.file === undefined), {
    message: 'either a url, or a node and a file',
  });
export type Place = z.infer<typeof Place>;

const Unit = z.enum(['minutes', 'hours', 'days']).describe('What a bare number counts');

/** Something that a document has to say. What is asked beside `at` has to hold for everything found there. */
export const Rule = z.strictObject({
  label: z.string().describe('What happens to a reader when it does not hold, in words a trainee understands'),
  at: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe(
      'Where it stands: names and numbers with dots between, * for each that is there, {a,b} for each of these, ** at the end for all that stands below as one text; empty for the whole text. It has to be there, and be filled in',
    ),
  count: z.number().int().min(1).optional().describe('How many there are, exactly'),
  words: z.number().int().min(1).optional().describe('The least number of words'),
  matches: z.string().optional().describe('A regular expression, in any case, which each has to match'),
  lacks: z.string().optional().describe('A regular expression, in any case, which none may match'),
  says: z
    .string()
    .optional()
    .describe('A regular expression, in any case, for what a sentence has to say, and none may deny'),
  oneOf: z.array(z.string()).min(1).optional().describe('What each may be; case and hyphens do not count'),
  covers: z
    .union([z.enum(['customers', 'neighbours']), z.array(z.string()).min(1)])
    .optional()
    .describe(
      'Whom the document must not leave out: customers of the plan by name, networks beyond the border by AS number, or a list',
    ),
  distinct: z.literal(true).optional().describe('No two of them are the same'),
  among: z.string().optional().describe('Where else in the document each has to stand too'),
  echo: z
    .strictObject({
      in: z.string().describe('Where else the document speaks of it; empty for the whole text'),
      pattern: z.string().describe('A regular expression whose group is what it says of it there'),
    })
    .optional()
    .describe('Wherever else the document speaks of it, it says the same'),
  version: z.string().optional().describe('Each is this version'),
  number: z
    .strictObject({ least: z.number().optional(), most: z.number().optional() })
    .optional()
    .describe('Each is a number'),
  duration: z
    .strictObject({
      least: Length.optional(),
      most: Length.optional(),
      unit: Unit.optional(),
      where: z.string().optional().describe('A regular expression: only what sentences with it say counts'),
    })
    .optional()
    .describe('Each is a length of time, or every one in it where it is a sentence'),
  phone: z
    .union([z.literal(true), z.string().startsWith('+')])
    .optional()
    .describe('Each has a telephone number that can be called from everywhere; or this one, however it is written'),
  date: z
    .strictObject({
      earliest: z.number().optional().describe('In days from `today`, negative for before'),
      latest: z.number().optional().describe('In days from `today`'),
      at: z.string().optional().describe('The time itself, to the minute (RFC 3339)'),
    })
    .optional()
    .describe('When each has to be: a date, or a time with its zone, in any form that people write'),
  since: z
    .strictObject({
      at: z.string().describe('Another time in the document'),
      least: Length.optional().describe('How much later it has to be, at least'),
      most: Length.optional().describe('How much later it may be, at most'),
    })
    .optional()
    .describe('Each comes after another; where less than a day decides, both are times with their zones'),
  climbs: z
    .strictObject({ of: z.string().describe('The record, such as `customers.*`'), unit: Unit.optional() })
    .optional()
    .describe('In each record, each length of time is longer than the one before'),
  ladder: z
    .strictObject({
      of: z.string().describe('What of each rung is its name, such as `step`'),
      order: z.array(z.string()).min(2).describe('The rungs from the lowest to the highest'),
      direct: z.string().describe('What a rule has beside its ladder that may begin higher than the lowest rung'),
      through: z.string().optional().describe('The rung without which the highest is not reached'),
      reach: z
        .array(z.string())
        .default([])
        .describe('Rules that lead to the highest rung, without that one if need be'),
    })
    .optional()
    .describe('Each list climbs, from its lowest rung on'),
  follows: z.literal('RFC 9116').optional().describe('The whole text is as that standard wants it'),
  repeats: Place.optional().describe(
    'What stands in another document has to stand here too; blanks, colons and case do not count',
  ),
  links: z.literal(true).optional().describe('Every URL in it answers, over both families, to each reader'),
  leadsTo: z.url().optional().describe('A link that readers see leads there, or to the same text'),
  mail: z
    .strictObject({
      from: NodeName.optional().describe('Who writes; the first reader of the document when left out'),
      readers: z
        .union([z.enum(['staff', 'customers', 'neighbours']), z.record(NodeName, z.array(z.string()).min(1))])
        .describe('Whose people get it, as the plan says; or node → mailboxes of people'),
      party: z
        .string()
        .optional()
        .describe('The name beside each address that says whose it is: `name` beside `mail` in the same record'),
      distinct: z.literal(true).optional().describe('No two addresses of one record end at the same person'),
    })
    .optional()
    .describe('Every address in it takes mail, over both families, and people get it'),
});
export type Rule = z.infer<typeof Rule>;
