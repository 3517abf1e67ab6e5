import './evidence-dialog.css';

import { Download, ExternalLink } from 'lucide-react';

import type { Evidence } from '#core/model/observation.ts';
import type { PacketRow } from '../../../electron/contract/runs.ts';
import { useAnswer } from '../../state/answer.ts';
import { complain, tellSaved } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';

interface EvidenceDialogProps {
  readonly run: string;
  readonly evidence: Evidence;
  readonly onClose: () => void;
}

/** The raw material of a verdict: a capture as rows, everything else as text. */
export function EvidenceDialog({ run, evidence, onClose }: EvidenceDialogProps) {
  const { file } = evidence;
  const { value, error } = useAnswer('run.evidence', { run, file });
  return (
    <Dialog
      title={evidence.title}
      wide
      onClose={onClose}
      actions={
        <>
          {evidence.kind === 'pcap' && (
            <Button
              icon={<ExternalLink size={16} aria-hidden />}
              onClick={() => host().call('run.openInWireshark', { run, file }).catch(complain)}
            >
              Open in Wireshark
            </Button>
          )}
          <Button
            icon={<Download size={16} aria-hidden />}
            onClick={() => host().call('run.saveEvidence', { run, file }).then(tellSaved, complain)}
          >
            Save as…
          </Button>
        </>
      }
    >
      <div className="evidence">
        {error !== undefined && <Notice tone="broken">{error.message}</Notice>}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it */}
        <div className="raw" tabIndex={0} role="region" aria-label={evidence.title}>
          {value?.kind === 'text' && <pre>{value.text}</pre>}
          {value?.kind === 'packets' && <Packets rows={value.packets} />}
        </div>
        {value?.cut === true && <p className="quiet small">There is more in the file: save it to see all.</p>}
        {evidence.command !== '' && (
          <p className="small again">
            <span>
              Again with <code>{evidence.command}</code>
            </span>
            <CopyButton text={evidence.command} label="Copy the command" />
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Packets({ rows }: { readonly rows: readonly PacketRow[] }) {
  if (rows.length === 0) return <p className="quiet nothing">No packet was seen here.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">#</th>
          <th scope="col">ms</th>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">Protocol</th>
          <th scope="col">Bytes</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.number}>
            <td className="number">{row.number}</td>
            <td className="number">{row.atMs.toFixed(1)}</td>
            <td>{row.source}</td>
            <td>{row.destination}</td>
            <td>{row.protocol}</td>
            <td className="number">{row.length}</td>
            <td className="info">{row.info}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
