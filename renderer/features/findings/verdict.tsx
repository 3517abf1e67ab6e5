import './verdict.css';

import type { Verdict } from '#core/model/verdict.ts';
import { glyphs } from '#core/model/wording.ts';

/** A verdict by colour, glyph and word. */
export function VerdictMark({ verdict, bare = false }: { readonly verdict: Verdict; readonly bare?: boolean }) {
  return (
    <span className={`verdict ${verdict}`}>
      <span aria-hidden="true">{glyphs[verdict]}</span>
      <span className={bare ? 'unseen' : undefined}>{verdict}</span>
    </span>
  );
}
