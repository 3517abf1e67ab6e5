import { create } from 'zustand';

import { HostError } from '../host/lab-host.ts';

/** Something that did not work, until the reader puts it away. */
export interface Complaint {
  readonly id: number;
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
  count += 1;
  const complaint: Complaint = { id: count, message, hint, at };
  // The same trouble twice is one message.
  useComplaints.setState(({ list }) => ({ list: [...list.filter((it) => it.message !== message), complaint] }));
}
