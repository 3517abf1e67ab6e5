import { stripVTControlCharacters } from 'node:util';

/** Text that is markup already. Only {@link markup} makes it, so whatever else goes into a report is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type MarkupValue = string | number | Markup | undefined | false | readonly MarkupValue[];

/** A template for HTML, SVG and XML in which every value is escaped unless it is {@link Markup}; lists are joined, nothing is nothing. */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(strings.reduce((text, string, index) => text + render(values[index - 1]) + string));
}

/** Escapes for text and for attributes in either quotes, without what XML 1.0 §2.2 has no way to say. */
export function escape(text: string): string {
  return legible(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Without terminal colours and without the characters that are illegal in XML 1.0 (§2.2), lone surrogates among them. */
export function legible(text: string): string {
  return stripVTControlCharacters(text).replaceAll(illegal, '');
}

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const illegal = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Surrogate}]/gu;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function render(value: MarkupValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  return typeof value === 'object' ? value.map(render).join('') : escape(String(value));
}
