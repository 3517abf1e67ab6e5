import type { EditorState } from '@codemirror/state';
import { create } from 'zustand';

import type { FileContent } from '../../../electron/contract/configuration.ts';
import { complain, note as remark } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { useWork } from '../../state/work.ts';
import { editorState } from './setup.ts';

/** What the last save did, or what happened meanwhile. */
export interface Note {
  readonly tone: 'stopped' | 'unsure' | 'neutral';
  readonly text: string;
}

/** A file as it is edited here. It lives on while another is shown. */
export interface Document {
  readonly path: string;
  readonly state: EditorState;
  /** As last read or written. */
  readonly saved: string;
  /** Names that content; undefined while the file does not exist. */
  readonly blob: string | undefined;
  /** As the lab began; null when there was none. */
  readonly start: string | null;
  readonly note: Note | undefined;
  /** What somebody else left there, when a save met it. */
  readonly conflict: { readonly theirs: FileContent | null } | undefined;
}

interface Documents {
  readonly open: Readonly<Record<string, Document>>;
  readonly shown: string | undefined;
  readonly comparing: boolean;
  /** Nodes whose list of files was opened or shut by hand. */
  readonly folds: Readonly<Record<string, boolean>>;
}

export const useDocuments = create<Documents>()(() => ({ open: {}, shown: undefined, comparing: false, folds: {} }));

export function fold(node: string, isOpen: boolean): void {
  useDocuments.setState(({ folds }) => (folds[node] === isOpen ? {} : { folds: { ...folds, [node]: isOpen } }));
}

export function isChanged({ state, saved }: Document): boolean {
  return state.doc.toString() !== saved;
}

/** Shows a file; one that is being edited stays as it is. */
export async function showFile(path: string): Promise<void> {
  if (useDocuments.getState().open[path] === undefined) await read(path, undefined);
  if (useDocuments.getState().open[path] !== undefined) useDocuments.setState({ shown: path });
}

/** Somebody else saved files: what was not touched here is read again, what was is told. No name may mean every file. */
export function followChanges(): () => void {
  return host().on('config.changed', ({ paths }) => {
    if (paths.length === 0) refreshDocuments();
    for (const path of paths) {
      const mine = useDocuments.getState().open[path];
      if (mine === undefined || saving.has(path)) continue;
      if (!isChanged(mine)) void read(path, undefined);
      else change(path, { note: { tone: 'unsure', text: 'This file was changed elsewhere. Saving will show both.' } });
    }
  });
}

/** Another network may have another configuration: what was not touched here is read again. */
export function refreshDocuments(): void {
  for (const document of Object.values(useDocuments.getState().open))
    if (!isChanged(document)) void read(document.path, undefined);
}

export function change(path: string, changes: Partial<Document>): void {
  useDocuments.setState(({ open }) => {
    const now = open[path];
    return now === undefined ? {} : { open: { ...open, [path]: { ...now, ...changes } } };
  });
}

const saving = new Set<string>();

/** Writes what is shown, and the service takes it. Over `theirs` when the person has seen both. */
export async function save(path: string, theirs?: FileContent | null): Promise<void> {
  const mine = useDocuments.getState().open[path];
  if (mine === undefined || saving.has(path)) return;
  const content = mine.state.doc.toString();
  const expected = theirs === undefined ? mine.blob : theirs?.blob;
  saving.add(path);
  try {
    const result = await host().call('config.write', {
      path,
      content,
      ...(expected === undefined ? {} : { expected }),
    });
    if (result.outcome === 'conflict') change(path, { conflict: { theirs: result.theirs }, note: undefined });
    else change(path, { saved: content, blob: result.blob, conflict: undefined, note: noteOf(result) });
  } catch (error) {
    complain(error);
  } finally {
    saving.delete(path);
  }
}

/**
 * Writes all that was edited and not saved, before work that takes the files as they stand. False where that
 * cannot be: a file was changed elsewhere as well, or could not be written. Then that file is shown, and told of.
 */
export async function saveEdits(): Promise<boolean> {
  for (const { path, conflict } of Object.values(useDocuments.getState().open).filter(isChanged)) {
    if (conflict === undefined) await save(path);
    const after = useDocuments.getState().open[path];
    if (after === undefined || !isChanged(after)) {
      remark(`${path} was not saved; it is now.`);
      if (after?.note?.tone === 'unsure') complain(new Error(`${path}: ${after.note.text}`));
      continue;
    }
    useDocuments.setState({ shown: path });
    useWork.getState().show('files');
    if (after.conflict !== undefined)
      complain(new Error(`${path} was changed elsewhere while you edited it. Bring both together first.`));
    return false;
  }
  return true;
}

/** Gives up what was edited here. */
export async function takeTheirs(path: string): Promise<void> {
  await read(path, { tone: 'neutral', text: 'Your version was put aside for theirs.' });
}

async function read(path: string, note: Note | undefined): Promise<void> {
  try {
    const { now, start } = await host().call('config.read', { path });
    const saved = now?.content ?? '';
    const document = { path, saved, blob: now?.blob, start, note, conflict: undefined };
    useDocuments.setState(({ open }) => ({
      open: { ...open, [path]: { ...document, state: editorState(path, saved) } },
    }));
  } catch (error) {
    complain(error);
  }
}

function noteOf({
  applied,
  complaint,
  warning,
}: {
  readonly applied: readonly string[];
  readonly complaint?: string | undefined;
  readonly warning?: string | undefined;
}): Note {
  if (complaint !== undefined) return { tone: 'unsure', text: `Saved, but not in force: ${complaint}` };
  if (applied.length === 0) return { tone: 'neutral', text: 'Saved. It takes effect when the network starts.' };
  const text = `Saved and in force: ${applied.join('; ')}`;
  return warning === undefined ? { tone: 'stopped', text } : { tone: 'unsure', text: `${text}. But ${warning}` };
}
