import type { StringStream } from '@codemirror/language';

const v4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.])/;
/** Two colons at least, or a time and a MAC prefix would be addresses. */
const v6 = /^(?=[\da-f]*:[\da-f]*:)[\da-f:]*(?:\d{1,3}(?:\.\d{1,3}){3})?(?:\/\d{1,3})?(?![\w:])/i;

/** Moves over an IPv4 or IPv6 address with its prefix length, if one stands here. */
export function eatAddress(stream: StringStream): boolean {
  return stream.match(v4) !== null || stream.match(v6) !== null;
}
