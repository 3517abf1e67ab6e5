import { defaultKeymap, history, historyKeymap, indentLess, insertTab } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

import { languageOf } from './languages/language-of.ts';
import { viewExtensions } from './view-extensions.ts';

/** Addresses and verdicts stand out: in these files they decide. */
const highlighting = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: tags.keyword, color: 'var(--service)' },
  { tag: tags.propertyName, color: 'var(--service)' },
  { tag: tags.literal, color: 'var(--transit)' },
  { tag: [tags.number, tags.bool], color: 'var(--transit)' },
  { tag: tags.atom, fontWeight: '700' },
  { tag: [tags.variableName, tags.typeName], color: 'var(--peer)' },
  { tag: tags.string, color: 'var(--customer)' },
  { tag: [tags.modifier, tags.meta], fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.operator], color: 'var(--quiet)' },
]);

/** What every view of a configuration file has. */
export function looks(path: string): Extension {
  return [
    lineNumbers(),
    drawSelection(),
    bracketMatching(),
    EditorState.tabSize.of(4),
    indentUnit.of('\t'),
    syntaxHighlighting(highlighting),
    languageOf(path),
    EditorView.contentAttributes.of({ 'aria-label': path, tabindex: '0' }),
  ];
}

/** What can be edited. Tab writes a tab; Ctrl-M gives it back to the page, and F6 leaves. */
export function editing(): Extension {
  return [
    history(),
    indentOnInput(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search({ top: true }),
    keymap.of([{ key: 'Tab', run: insertTab, shift: indentLess }, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
  ];
}

export function editorState(path: string, doc: string): EditorState {
  return EditorState.create({ doc, extensions: [looks(path), editing(), viewExtensions] });
}
