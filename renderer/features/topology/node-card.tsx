import { FileText, Radio, SquareTerminal, X } from 'lucide-react';
import { useEffect, useRef } from 'react';

import type { DrawnNode } from '../../../electron/contract/topology.ts';
import { useWork, type WorkRequest } from '../../state/work.ts';
import { Button, IconButton } from '../../ui/button.tsx';

interface NodeCardProps {
  readonly node: DrawnNode;
  /** Name of its autonomous system. */
  readonly as: string | undefined;
  readonly running: boolean;
  readonly onClose: () => void;
}

/** One node: what it is, its interfaces, and ways to work on it. */
export function NodeCard({ node, as, running, onClose }: NodeCardProps) {
  const ask = (request: WorkRequest): void => {
    useWork.getState().ask(request);
    onClose();
  };
  const first = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    first.current?.querySelector('button')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [node.name]);
  useEffect(() => {
    const card = first.current;
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    card?.addEventListener('keydown', close);
    return () => card?.removeEventListener('keydown', close);
  }, [onClose]);
  return (
    <section className="node-card" aria-label={`${node.name}, ${node.title}`} ref={first}>
      <header>
        <div>
          <h3>{node.name}</h3>
          <p className="quiet">{node.title}</p>
        </div>
        <IconButton label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <div className="ways">
        <Button
          icon={<SquareTerminal size={16} aria-hidden />}
          disabled={!running}
          onClick={() => ask({ kind: 'terminal', node: node.name })}
        >
          Terminal
        </Button>
        <Button
          icon={<FileText size={16} aria-hidden />}
          disabled={!running}
          onClick={() => ask({ kind: 'files', node: node.name })}
        >
          Files
        </Button>
      </div>
      <dl>
        {as !== undefined && (
          <div>
            <dt>AS {node.as}</dt>
            <dd>{as}</dd>
          </div>
        )}
        {node.loopback.length > 0 && (
          <div>
            <dt>loopback</dt>
            {node.loopback.map((it) => (
              <dd key={it} className="mono">
                {it}
              </dd>
            ))}
          </div>
        )}
        {node.interfaces.map((it) => (
          <div key={it.name}>
            <dt>
              <span>
                <b className="mono">{it.name}</b> to {it.to}
              </span>
              {running && (
                <IconButton
                  label={`Watch packets of ${it.name}`}
                  onClick={() => ask({ kind: 'terminal', node: node.name, capture: it.name })}
                >
                  <Radio size={15} aria-hidden />
                </IconButton>
              )}
            </dt>
            {it.addresses.length === 0 && <dd className="quiet">kept down</dd>}
            {it.addresses.map((address) => (
              <dd key={address} className="mono">
                {address}
              </dd>
            ))}
          </div>
        ))}
        {node.names.length > 0 && (
          <div>
            <dt>names</dt>
            {node.names.map((it) => (
              <dd key={it} className="mono">
                {it}
              </dd>
            ))}
          </div>
        )}
      </dl>
    </section>
  );
}
