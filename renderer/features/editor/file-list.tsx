import type { FileStatus, NodeFiles } from '../../../electron/contract/configuration.ts';
import { isChanged, showFile, useDocuments } from './documents.ts';

interface FileListProps {
  readonly nodes: readonly NodeFiles[];
  /** Nodes that stand open. */
  readonly unfolded: ReadonlySet<string>;
  readonly onFold: (node: string, open: boolean) => void;
}

/** The configuration files of all nodes; those that differ from the start of the lab are marked. */
export function FileList({ nodes, unfolded, onFold }: FileListProps) {
  const { open, shown } = useDocuments();
  return (
    <nav className="file-list" aria-label="Configuration files">
      {nodes.map(({ node, files }) => {
        const changed = files.filter((it) => it.status !== 'same').length;
        return (
          <details key={node} open={unfolded.has(node)} onToggle={(event) => onFold(node, event.currentTarget.open)}>
            <summary>
              {node}
              {changed > 0 && <span className="changed">{changed} changed</span>}
            </summary>
            <ul>
              {files.map(({ path, status }) => {
                const document = open[path];
                const unsaved = document !== undefined && isChanged(document);
                return (
                  <li key={path}>
                    <button
                      type="button"
                      className={status}
                      aria-current={path === shown ? 'true' : undefined}
                      onClick={() => void showFile(path)}
                    >
                      <span className="file-name">{path.slice(node.length + '/etc/'.length)}</span>
                      {unsaved && <span className="unsaved" title="not saved" />}
                      {unsaved && <span className="unseen">, not saved</span>}
                      {status !== 'same' && (
                        <span className="status" title={status}>
                          {letters[status]}
                          <span className="unseen">{status.slice(1)}</span>
                        </span>
                      )}
                    </button>
                  </li>
                );
              })}
            </ul>
          </details>
        );
      })}
    </nav>
  );
}

const letters: Readonly<Record<FileStatus, string>> = { same: '', added: 'a', modified: 'm', deleted: 'd' };
