import { StreamLanguage, type StreamParser } from '@codemirror/language';

import { frr } from './frr.ts';
import { named } from './named.ts';
import { nftables } from './nftables.ts';
import { postfixMain, postfixMaster, postfixTable } from './postfix.ts';
import { settings } from './settings.ts';
import { zone } from './zone.ts';

/** From the most special place to the most general one. */
const languages = [
  [/\/frr\/frr\.conf$/, language(frr)],
  [/\/frr\/vtysh\.conf$/, language(frr)],
  [/\/nftables\.conf$|\.nft$/, language(nftables)],
  [/\/bind\/zones\//, language(zone)],
  [/\/bind\/(?:db\.|.*\.(?:db|hints|zone)$)/, language(zone)],
  [/\/bind\//, language(named)],
  [/\/postfix\/main\.cf$/, language(postfixMain)],
  [/\/postfix\/master\.cf$/, language(postfixMaster)],
  [/\/postfix\/[^.]+$/, language(postfixTable)],
] as const;

const others = language(settings);

/** The language of a file, told by where it lies on its node. */
export function languageOf(path: string): StreamLanguage<unknown> {
  return languages.find(([place]) => place.test(path))?.[1] ?? others;
}

function language<State>(parser: StreamParser<State>): StreamLanguage<unknown> {
  return StreamLanguage.define(parser) as StreamLanguage<unknown>;
}
