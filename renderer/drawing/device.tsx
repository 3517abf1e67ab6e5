import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { SquareTerminal, Wrench } from 'lucide-react';

import type { DrawnNode } from '../../electron/contract/topology.ts';
import type { End } from './tracks.ts';

export interface DeviceView extends Record<string, unknown> {
  readonly node: DrawnNode;
  readonly running: boolean;
  /** The trainee is expected to work here. */
  readonly mend: boolean;
  readonly terminals: number;
  readonly selected: boolean;
  readonly end: End | undefined;
  /** A picture for an audience has nothing to select. */
  readonly onSelect: (() => void) | undefined;
}

/** One node of the network, as a button. */
export function Device({ data }: NodeProps<Node<DeviceView>>) {
  const { node, running, mend, terminals, selected, end, onSelect } = data;
  const classes = ['device', node.side, running ? 'running' : 'still', selected ? 'selected' : '', end ?? ''];
  const label = [
    `${node.name}, ${node.title}`,
    running ? '' : 'not running',
    mend ? 'to be mended' : '',
    node.attacker ? 'an attack can start here' : '',
    end === undefined ? '' : meanings[end],
  ]
    .filter(Boolean)
    .join('; ');
  const face = (
    <>
      <span className="name">
        {node.name}
        {mend && <Wrench size={13} aria-hidden />}
        {terminals > 0 && <SquareTerminal size={13} aria-hidden />}
      </span>
      <span className="what">{node.role.replaceAll('-', ' ')}</span>
      {node.attacker && <span className="mark" />}
    </>
  );
  return (
    <>
      {onSelect === undefined ? (
        <div role="img" className={classes.join(' ')} aria-label={label}>
          {face}
        </div>
      ) : (
        <button
          type="button"
          className={classes.join(' ')}
          aria-expanded={selected}
          aria-label={label}
          onClick={onSelect}
        >
          {face}
        </button>
      )}
      <Handle type="source" position={Position.Top} isConnectable={false} />
      <Handle type="target" position={Position.Top} isConnectable={false} />
    </>
  );
}

const meanings: Readonly<Record<End, string>> = {
  start: 'the attack starts here',
  attack: 'the attack gets through to here',
  stopped: 'the attack is stopped here',
  service: 'legitimate use arrives here',
  broken: 'legitimate use does not get further than here',
};
