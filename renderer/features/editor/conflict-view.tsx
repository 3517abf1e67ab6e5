import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import type { FileContent } from '../../../electron/contract/configuration.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { change, type Document, save, takeTheirs } from './documents.ts';
import { editing, editorState, looks } from './setup.ts';

interface ConflictViewProps {
  readonly document: Document;
  readonly theirs: FileContent | null;
}

/** Two people saved one file: both versions side by side, and mine can still be edited. */
export function ConflictView({ document: { path, state }, theirs }: ConflictViewProps) {
  return (
    <div className="conflict">
      <Notice tone="unsure" title="This file was changed elsewhere while you edited it">
        <p>
          {theirs === null ? 'It was deleted.' : 'On the left what stands there now, on the right your version.'}{' '}
          Nothing was overwritten. Bring together what belongs together, then save.
        </p>
        <p className="conflict-ways">
          <Button onClick={() => void takeTheirs(path)}>Take theirs</Button>
          <Button tone="primary" onClick={() => void save(path, theirs)}>
            Save mine
          </Button>
        </p>
      </Notice>
      <Sides path={path} theirs={theirs?.content ?? ''} mine={state.doc.toString()} />
    </div>
  );
}

interface SidesProps {
  readonly path: string;
  readonly theirs: string;
  readonly mine: string;
}

function Sides({ path, theirs, mine }: SidesProps) {
  const place = useRef<HTMLDivElement>(null);
  // As it was when the two met: from then on the view holds it.
  const first = useRef(mine);
  useEffect(() => {
    if (place.current === null) return;
    const merge = new MergeView({
      parent: place.current,
      a: { doc: theirs, extensions: [looks(path), EditorState.readOnly.of(true)] },
      b: {
        doc: first.current,
        extensions: [
          looks(path),
          editing(),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change(path, { state: editorState(path, update.state.doc.toString()) });
          }),
        ],
      },
      revertControls: 'a-to-b',
      // Two long files that differ in a line: the line is what one looks for.
      collapseUnchanged: { margin: 3, minSize: 8 },
    });
    return () => merge.destroy();
  }, [path, theirs]);
  return <div className="file-view" ref={place} />;
}
