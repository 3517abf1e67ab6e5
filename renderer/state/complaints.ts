import { create } from 'zustand';

import { HostError } from '../host/lab-host.ts';

/** Something that did not work or is good to know, until the reader puts it away. */
export interface Complaint {
  readonly id: number;
  readonly tone: 'trouble' | 'note';
  readonly message: string;
  readonly hint: string | undefined;
  readonly at: HostError['at'];
}

interface Complaints {
  readonly list: readonly Complaint[];
  dismiss(id: number): void;
}

export const useComplaints = create<Complaints>()((set) => ({
  list: [],
  dismiss: (id) => set(({ list }) => ({ list: list.filter((it) => it.id !== id) })),
}));

let count = 0;

/** Shows what went wrong. What the person himself cancelled is no complaint. */
export function complain(error: unknown): void {
  const { code, message, hint, at } =
    error instanceof HostError ? error : new HostError({ code: 'fault', message: String(error) });
  if (code === 'cancelled') return;
  show({ tone: 'trouble', message, hint, at });
}

/** What nobody else caught, in a listener or in work that goes on by itself, is told as well. */
export function complainOfFaults(): void {
  window.addEventListener('unhandledrejection', ({ reason }) => complain(reason));
  window.addEventListener('error', ({ error }) => {
    // Without an error it is a remark of the browser, that a ResizeObserver has more to tell in the next frame.
    if (error instanceof Error) complain(error);
  });
}

/** Tells something that went well and leaves nothing to do. */
export function note(message: string): void {
  show({ tone: 'note', message, hint: undefined, at: undefined });
}

/** Where a file was saved, unless the person thought better of it. */
export function tellSaved({ file }: { readonly file: string | null }): void {
  if (file !== null) note(`Saved as ${file}`);
}

function show(complaint: Omit<Complaint, 'id'>): void {
  count += 1;
  const shown = { ...complaint, id: count };
  // The same twice is one message.
  useComplaints.setState(({ list }) => ({ list: [...list.filter((it) => it.message !== shown.message), shown] }));
}
