import { useEffect, useState } from 'react';

import type { Snapshot } from '../../electron/contract/snapshot.ts';
import type { LabHost } from '../host/lab-host.ts';

export function App({ host }: { readonly host: LabHost }) {
  const [snapshot, setSnapshot] = useState<Snapshot>();
  useEffect(() => {
    const stop = host.on('state.changed', (event) => setSnapshot(event.snapshot));
    host.call('app.snapshot', {}).then(setSnapshot, () => {});
    return stop;
  }, [host]);
  return <h1>Breakwater {snapshot?.version}</h1>;
}
