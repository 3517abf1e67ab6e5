import { unifiedMergeView } from '@codemirror/merge';
import { Compartment, type Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

/** What depends on the view that shows a state: who listens, and whether it is compared with the start. */
const listening = new Compartment();
const comparison = new Compartment();

export const viewExtensions: Extension = [listening.of([]), comparison.of([])];

export function listen(view: EditorView, listener: Extension): void {
  view.dispatch({ effects: listening.reconfigure(listener) });
}

/** Undefined compares with nothing. */
export function compare(view: EditorView, original: string | undefined): void {
  const shown =
    original === undefined ? [] : unifiedMergeView({ original, mergeControls: false, syntaxHighlightDeletions: false });
  view.dispatch({ effects: comparison.reconfigure(shown) });
}
