/**
 * Characters that a terminal takes for commands (ECMA-48) and that turn the order of others around (Unicode Standard
 * Annex #9); line ends and tabs are none of them.
 */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const unseen = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Text of somebody else, with such characters as JSON writes them: `\u001b`. */
export function visible(text: string): string {
  return text.replaceAll(unseen, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
