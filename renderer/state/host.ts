import type { LabHost } from '../host/lab-host.ts';

let provided: LabHost | undefined;

/** Once, before anything is drawn: one window has one host. */
export function provideHost(it: LabHost): void {
  provided = it;
}

export function host(): LabHost {
  if (provided === undefined) throw new Error('no host was provided');
  return provided;
}
