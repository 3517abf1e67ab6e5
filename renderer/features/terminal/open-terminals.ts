import { create } from 'zustand';

import { usePreferences } from '../../state/preferences.ts';
import { openSession, type Session } from './session.ts';

/** A tab. Sessions outlive the screen: whoever comes back finds his terminals as they were. */
export interface OpenTerminal {
  readonly id: string;
  readonly node: string;
  readonly capture: string | undefined;
  readonly session: Session;
}

interface OpenTerminals {
  readonly list: readonly OpenTerminal[];
  readonly active: string | undefined;
  /** The field to look for something stands open. */
  readonly searching: boolean;
}

export const useTerminals = create<OpenTerminals>()(() => ({ list: [], active: undefined, searching: false }));

let count = 0;

export function openTerminal(node: string, capture?: string): void {
  count += 1;
  const id = `terminal-${count}`;
  const session = openSession({
    node,
    capture,
    fontSize: usePreferences.getState().now?.terminalFontSize ?? 14,
    onSearch: () => useTerminals.setState({ searching: true }),
  });
  useTerminals.setState(({ list }) => ({ list: [...list, { id, node, capture, session }], active: id }));
}

/** What the drawing asks for: the terminal that is there already, else a new one. */
export function goToTerminal(node: string, capture?: string): void {
  const there = useTerminals.getState().list.find((it) => it.node === node && it.capture === capture);
  if (there === undefined) openTerminal(node, capture);
  else useTerminals.setState({ active: there.id });
}

export function closeTerminal(id: string): void {
  const { list, active } = useTerminals.getState();
  const at = list.findIndex((it) => it.id === id);
  list[at]?.session.close();
  const left = list.filter((it) => it.id !== id);
  const next = active === id ? (left[Math.min(at, left.length - 1)]?.id ?? undefined) : active;
  useTerminals.setState({ list: left, active: next, searching: false });
}

/** `pe1`, and `pe1 2` for the second on the same node. */
export function titleOf({ id, node, capture }: OpenTerminal, list: readonly OpenTerminal[]): string {
  if (capture !== undefined) return `${node} ${capture} packets`;
  const same = list.filter((it) => it.node === node && it.capture === undefined);
  const at = same.findIndex((it) => it.id === id);
  return at > 0 ? `${node} ${at + 1}` : node;
}
