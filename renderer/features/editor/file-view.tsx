import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import { change, type Document, save, useDocuments } from './documents.ts';
import { compare, listen } from './view-extensions.ts';

/** The file that is being edited. */
export function FileView({ document, comparing }: { readonly document: Document; readonly comparing: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const { path, saved, start } = document;
  useEffect(() => {
    const state = useDocuments.getState().open[path]?.state;
    if (place.current === null || state === undefined) return;
    const created = new EditorView({ parent: place.current, state });
    listen(created, [
      EditorView.updateListener.of((update) => {
        if (update.docChanged || update.selectionSet) change(path, { state: update.state });
      }),
      keymap.of([{ key: 'Mod-s', preventDefault: true, run: () => (void save(path), true) }]),
    ]);
    created.focus();
    view.current = created;
    return () => created.destroy();
  }, [path]);
  // What was read again, because somebody else saved it, comes as a new state.
  useEffect(() => {
    const now = view.current;
    if (now === null || now.state.doc.toString() === useDocuments.getState().open[path]?.state.doc.toString()) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: saved } });
  }, [path, saved]);
  useEffect(() => {
    if (view.current !== null) compare(view.current, comparing ? (start ?? '') : undefined);
  }, [path, comparing, start]);
  return <div className="file-view" ref={place} />;
}
