import type { Bridge } from '../../electron/contract/bridge.ts';

declare global {
  interface Window {
    /** Put there by preload; missing in a plain browser. */
    readonly breakwater?: Bridge;
  }
}
