import type { Answer } from './failure.ts';

/** What preload puts into the page as `window.breakwater`; untyped on purpose, electron-host.ts knows the types. */
export interface Bridge {
  call(name: string, args: unknown): Promise<Answer<unknown>>;
  /** Every event; returns how to stop listening. */
  listen(listener: (name: string, event: unknown) => void): () => void;
}

/** Names of the channels between main and preload. */
export const channels = { call: 'breakwater.call', event: 'breakwater.event', port: 'breakwater.port' } as const;
