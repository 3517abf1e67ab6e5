import { create } from 'zustand';

/** What another part of the screen asks of the work pane. Each request is a new object, also when it asks the same. */
export type WorkRequest =
  | { readonly kind: 'terminal'; readonly node: string; readonly capture?: string }
  | { readonly kind: 'files'; readonly node: string; readonly path?: string };

interface Work {
  readonly view: 'terminals' | 'files';
  readonly request: WorkRequest | undefined;
  show(view: Work['view']): void;
  ask(request: WorkRequest): void;
  /** By whoever fulfils it, so that it is fulfilled once. */
  done(request: WorkRequest): void;
}

export const useWork = create<Work>()((set) => ({
  view: 'terminals',
  request: undefined,
  show: (view) => set({ view }),
  ask: (request) => set({ view: request.kind === 'terminal' ? 'terminals' : 'files', request: { ...request } }),
  done: (request) => set((now) => (now.request === request ? { request: undefined } : {})),
}));
