import { type Named, type Part } from './part.ts';
import { phoneOf } from './values.ts';

/** Fields of RFC 9116, section 2.5, that hold a URI. */
const uriFields = ['acknowledgments', 'canonical', 'contact', 'encryption', 'hiring', 'policy'];

/** RFC 3339, section 5.6, as RFC 9116 wants it: date and time with a zone, and the letters in either case. */
const internetTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** The fields of a security.txt by their names in small letters, each with all its values. */
export function parseSecurityTxt(text: string): Part {
  const fields: Record<string, string[]> = {};
  for (const { name, value } of fieldsIn(text).fields) (fields[name] ??= []).push(value);
  return fields satisfies Named;
}

interface Field {
  readonly name: string;
  readonly value: string;
}

/** Fields, and lines that are none, of what is signed when there is a signature (RFC 9116, section 2.3). */
function fieldsIn(text: string): { fields: Field[]; others: string[]; unsigned: string[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const begin = lines.indexOf('-----BEGIN PGP SIGNED MESSAGE-----');
  const signature = lines.indexOf('-----BEGIN PGP SIGNATURE-----');
  const end = lines.indexOf('-----END PGP SIGNATURE-----');
  const isSigned = begin >= 0 && signature > begin && end > signature;
  const start = isSigned ? lines.indexOf('', begin) + 1 : 0;
  const within = isSigned ? lines.slice(start, signature).map((it) => it.replace(/^- /, '')) : lines;
  const without = isSigned ? [...lines.slice(0, begin), ...lines.slice(end + 1)] : [];
  const parts = within.filter((it) => it.trim() !== '' && !it.startsWith('#'));
  const fields = parts.flatMap((line) => {
    const [, name, value] = /^([!-9;-~]+):[ \t]+(\S.*?)[ \t]*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name: name.toLowerCase(), value }];
  });
  return {
    fields,
    others: parts.filter((line) => !/^[!-9;-~]+:[ \t]+\S/.test(line)),
    unsigned: without.filter((it) => it.trim() !== '' && !it.startsWith('#')),
  };
}

export interface ReadAt {
  /** The media type with its parameters, as the server said. */
  readonly type: string;
  /** Where the file was asked for, and where it was in the end. */
  readonly urls: readonly string[];
  /** The day on which it is read. */
  readonly today: string;
}

/** Everything in which a file is not as RFC 9116 wants it, sections 2.3 to 4. Pure. */
export function securityTxtBreaches(text: string, { type, urls, today }: ReadAt): string[] {
  const { fields, others, unsigned } = fieldsIn(text);
  const valuesOf = (name: string): string[] => fields.filter((it) => it.name === name).map((it) => it.value);
  const once = (name: string, section: string): string[] =>
    valuesOf(name).length > 1 ? [`${name} stands there ${valuesOf(name).length} times, not once (${section})`] : [];
  const [mediaType = '', ...parameters] = type.toLowerCase().split(/\s*;\s*/);
  const charset =
    parameters
      .find((it) => it.startsWith('charset='))
      ?.slice(8)
      .replaceAll('"', '') ?? 'utf-8';
  const canonical = valuesOf('canonical');
  return [
    ...(mediaType === 'text/plain' && charset === 'utf-8'
      ? []
      : [`it is ${type}, not text/plain in UTF-8 (section 3)`]),
    ...(/BEGIN PGP/.test(text) && fields.length === 0 ? ['its signature is incomplete (section 2.3)'] : []),
    ...others.map((line) => `"${line.slice(0, 60)}" is neither a field nor a comment (section 4)`),
    ...unsigned.map((line) => `"${line.slice(0, 60)}" is outside of what is signed (section 2.3)`),
    ...(valuesOf('contact').length === 0 ? ['there is no Contact (section 2.5.3)'] : []),
    ...(valuesOf('expires').length === 0 ? ['there is no Expires (section 2.5.5)'] : []),
    ...once('expires', 'section 2.5.5'),
    ...once('preferred-languages', 'section 2.5.8'),
    ...valuesOf('expires').flatMap((it) => expiryBreach(it, today)),
    ...valuesOf('preferred-languages').flatMap(languagesBreach),
    ...fields.filter((it) => uriFields.includes(it.name)).flatMap(uriBreach),
    ...(canonical.length === 0 || urls.some((it) => canonical.includes(it))
      ? []
      : [`it is read at ${urls[0]}, which no Canonical names (section 2.5.2)`]),
  ];
}

function expiryBreach(value: string, today: string): string[] {
  const at = internetTime.test(value) ? Date.parse(value.toUpperCase()) : Number.NaN;
  if (Number.isNaN(at)) return [`Expires is "${value}", no date and time of RFC 3339 (section 2.5.5)`];
  const days = Math.floor((at - Date.parse(today)) / 86_400_000);
  if (days < 1) return [`Expires is ${value}, and today is ${today} (section 2.5.5)`];
  // Less than a year is what the RFC recommends.
  return days >= 366 ? [`Expires is ${value}, ${days} days away; within a year is what is asked (section 2.5.5)`] : [];
}

function languagesBreach(value: string): string[] {
  const wrong = value.split(',').find((tag) => !isLanguage(tag.trim()));
  return wrong === undefined
    ? []
    : [`Preferred-Languages has "${wrong.trim()}", no language tag of RFC 5646 (section 2.5.8)`];
}

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** Well-formed, and of a language that is registered (RFC 5646, section 2.2.9). */
function isLanguage(tag: string): boolean {
  try {
    const [canonical] = Intl.getCanonicalLocales(tag);
    return canonical !== undefined && languages.of(canonical.split('-')[0] ?? '') !== undefined;
  } catch {
    return false;
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

/** What a URI is made of (RFC 3986, section 2); a blank is nothing of that. */
const uri = /^[a-z][a-z\d+.-]*:(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[\da-f]{2})+$/i;

function uriBreach({ name, value }: Field): string[] {
  const told = (why: string): string[] => [`${name} is "${value.slice(0, 80)}", ${why}`];
  if (!uri.test(value)) return told('which is no URI (RFC 3986)');
  const scheme = value.slice(0, value.indexOf(':')).toLowerCase();
  const rest = value.slice(scheme.length + 1);
  if (scheme === 'http') return told('and web addresses begin with https:// (section 2.5)');
  if (scheme === 'https' && !URL.canParse(value)) return told('which is no URI (RFC 3986)');
  if (scheme === 'https' && !rest.startsWith('//')) return told('which is no URI (RFC 3986)');
  // A slash is no part of an address unless it is written %2F (RFC 6068, section 2), so mailto:// is none.
  if (scheme === 'mailto' && /^[^?]*\//.test(rest)) return told('which names no mailbox (RFC 6068)');
  if (scheme === 'mailto' && !/^[^@?\s]+@[\w-]+(?:\.[\w-]+)+(?:\?|$)/.test(unescaped(rest)))
    return told('which names no mailbox (RFC 6068)');
  if (scheme === 'tel' && phoneOf(value) === undefined)
    return told('which is no number to call from everywhere (RFC 3966)');
  if (name === 'encryption' && scheme === 'data')
    return told('and the key itself must not stand there (section 2.5.4)');
  return [];
}
