import { FileText, Waypoints } from 'lucide-react';
import { useState } from 'react';

import type { Evidence } from '#core/model/observation.ts';
import { Button } from '../../ui/button.tsx';
import { EvidenceDialog } from './evidence-dialog.tsx';

interface EvidenceListProps {
  readonly run: string;
  readonly evidence: readonly Evidence[];
}

/** What was kept of a check; each opens. */
export function EvidenceList({ run, evidence }: EvidenceListProps) {
  const [open, setOpen] = useState<Evidence>();
  return (
    <ul>
      {evidence.map((it) => (
        <li key={it.file}>
          <Button
            tone="quiet"
            className="evidence-button"
            icon={it.kind === 'pcap' ? <Waypoints size={15} aria-hidden /> : <FileText size={15} aria-hidden />}
            onClick={() => setOpen(it)}
          >
            <span>{it.title}</span>
            <span className="quiet">{it.kind === 'pcap' ? 'packets' : it.kind}</span>
          </Button>
        </li>
      ))}
      {open !== undefined && <EvidenceDialog run={run} evidence={open} onClose={() => setOpen(undefined)} />}
    </ul>
  );
}
