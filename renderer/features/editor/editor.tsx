import './editor.css';

import { GitCompare, Save } from 'lucide-react';
import { useEffect, useState } from 'react';

import { useAnswer } from '../../state/answer.ts';
import { host } from '../../state/host.ts';
import { useSnapshot } from '../../state/snapshot.ts';
import { useWork } from '../../state/work.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Panel } from '../faults/panel.tsx';
import { ConflictView } from './conflict-view.tsx';
import {
  type Document,
  fold,
  followChanges,
  isChanged,
  refreshDocuments,
  save,
  showFile,
  useDocuments,
} from './documents.ts';
import { FileList } from './file-list.tsx';
import { FileView } from './file-view.tsx';

/** The configuration of the nodes. It stays mounted while terminals are shown, and takes `files` requests of useWork. */
export function Editor() {
  const lab = useSnapshot((it) => it.now?.network?.lab);
  const startedAt = useSnapshot((it) => it.now?.network?.startedAt);
  if (startedAt === undefined) return <p className="editor-none quiet">Files can be edited once the network runs.</p>;
  return <Files key={`${lab} ${startedAt}`} lab={lab ?? undefined} />;
}

function Files({ lab }: { readonly lab: string | undefined }) {
  const { value: nodes, reload } = useAnswer('config.list', {});
  const mend = useMend(lab);
  const { open, shown, comparing, folds } = useDocuments();
  const { request, done } = useWork();
  useEffect(refreshDocuments, []);
  useEffect(followChanges, []);
  useEffect(() => host().on('config.changed', reload), [reload]);
  useEffect(() => {
    if (request?.kind !== 'files' || nodes === undefined) return;
    fold(request.node, true);
    if (request.path !== undefined) void showFile(request.path);
    done(request);
  }, [request, nodes, done]);

  // Where the trainee is expected to work comes first.
  const sorted = nodes?.toSorted((a, b) => Number(mend.includes(b.node)) - Number(mend.includes(a.node)));
  const document = shown === undefined ? undefined : open[shown];
  return (
    <div className="editor">
      <FileList
        nodes={sorted ?? []}
        unfolded={new Set(nodes?.map((it) => it.node).filter((it) => folds[it] ?? mend.includes(it)))}
        onFold={fold}
      />
      {document === undefined ? (
        <p className="editor-none quiet">Choose a file.</p>
      ) : (
        <div className="file">
          <Head document={document} comparing={comparing} />
          <Panel key={document.path} name={document.path}>
            {document.conflict === undefined ? (
              <FileView document={document} comparing={comparing} />
            ) : (
              <ConflictView document={document} theirs={document.conflict.theirs} />
            )}
          </Panel>
          <p className={`file-note ${document.note?.tone ?? ''}`} role="status">
            {document.note?.text}
          </p>
        </div>
      )}
    </div>
  );
}

function Head({ document, comparing }: { readonly document: Document; readonly comparing: boolean }) {
  const { path, conflict } = document;
  const changed = isChanged(document);
  const [node = ''] = path.split('/');
  return (
    <header className="file-head">
      <h3 className="mono">
        <span className="quiet">{node}:</span>
        {path.slice(node.length)}
      </h3>
      <span className="small quiet">{changed ? 'not saved' : ''}</span>
      <IconButton
        label="Show what changed since the lab began"
        aria-pressed={comparing}
        onClick={() => useDocuments.setState({ comparing: !comparing })}
      >
        <GitCompare size={16} aria-hidden />
      </IconButton>
      <Button
        icon={<Save size={16} aria-hidden />}
        title="Save and reload the service (Ctrl+S)"
        disabled={conflict !== undefined || !changed}
        onClick={() => void save(path)}
      >
        Save
      </Button>
    </header>
  );
}

const nowhere: readonly string[] = [];

function useMend(lab: string | undefined): readonly string[] {
  const [mend, setMend] = useState(nowhere);
  useEffect(() => {
    if (lab === undefined) return;
    let wanted = true;
    // Without an answer nothing is put first; the screen of the lab tells why there is none.
    host()
      .call('lab.read', { lab })
      .then(
        (it) => wanted && setMend(it.mend),
        () => {},
      );
    return () => {
      wanted = false;
    };
  }, [lab]);
  return mend;
}
