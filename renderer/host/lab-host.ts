import type { ArgumentsOf, CallName, ResultOf } from '../../electron/contract/calls.ts';
import type { EventName, EventOf } from '../../electron/contract/events.ts';
import type { Failure } from '../../electron/contract/failure.ts';

/**
 * The one thing that the window talks to: Electron's main process, or recorded answers where there is
 * none. A call that main could not do rejects with a HostError.
 */
export interface LabHost {
  call<N extends CallName>(name: N, args: ArgumentsOf<N>): Promise<ResultOf<N>>;
  /** Returns how to stop listening. */
  on<E extends EventName>(name: E, listener: (event: EventOf<E>) => void): () => void;
  openTerminal(args: ArgumentsOf<'terminal.open'>): Promise<TerminalConnection>;
}

/** A terminal on a node. Its end comes as the event `terminal.ended`. */
export interface TerminalConnection {
  readonly terminal: string;
  /**
   * One listener; what came before it is handed over at once. It calls `shown` when the bytes are on
   * the screen: too much that is not shown makes the node wait.
   */
  onBytes(listener: (bytes: Uint8Array, shown: () => void) => void): void;
  write(text: string): void;
  resize(columns: number, rows: number): Promise<void>;
  close(): Promise<void>;
}

/** What main said about why it could not. */
export class HostError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly at: Failure['at'];

  constructor({ code, message, hint, at }: Failure) {
    super(message);
    this.name = 'HostError';
    this.code = code;
    this.hint = hint;
    this.at = at;
  }
}
