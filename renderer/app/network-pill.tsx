import { Power } from 'lucide-react';

import { complain } from '../state/complaints.ts';
import { host } from '../state/host.ts';
import { useSnapshot } from '../state/snapshot.ts';
import { IconButton } from '../ui/button.tsx';
import { Swell } from '../ui/swell.tsx';

/** What runs, or what is being done to it. */
export function NetworkPill() {
  const { now } = useSnapshot();
  const task = now?.tasks[0];
  if (task !== undefined)
    return (
      <div className="network-pill" role="status">
        <Swell />
        <span className="message">{task.message || 'Working'}</span>
      </div>
    );
  const network = now?.network;
  if (network === undefined || network === null)
    return (
      <div className="network-pill" role="status">
        <span className="light" />
        No network runs
      </div>
    );
  return (
    <>
      <div className="network-pill up" role="status">
        <span className="light" />
        {network.nodes.length} nodes run
      </div>
      <IconButton label="Take the network down" onClick={() => host().call('network.down', {}).catch(complain)}>
        <Power size={18} aria-hidden />
      </IconButton>
    </>
  );
}
