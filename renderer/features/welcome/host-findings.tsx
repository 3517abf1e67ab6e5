import { Check } from 'lucide-react';

import type { HostFinding } from '../../../electron/contract/host.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

interface HostFindingsProps {
  readonly findings: readonly HostFinding[];
  readonly building: string | undefined;
}

/** What is missing, each with its remedy; what is there, in short. */
export function HostFindings({ findings, building }: HostFindingsProps) {
  const missing = findings.filter((it) => !it.ok);
  const present = findings.filter((it) => it.ok);
  return (
    <>
      <ul className="missing">
        {missing.map((it) => (
          <li key={it.title}>
            <h3>{it.title}</h3>
            <p className="quiet">{it.title === 'node image' && building !== undefined ? building : it.found}</p>
            {it.title === 'node image' ? (
              <p className="quiet">The first lab builds it by itself.</p>
            ) : (
              <div className="mend">
                <code>{it.mend}</code>
                <CopyButton text={it.mend} label={`Copy the command that mends ${it.title}`} />
              </div>
            )}
          </li>
        ))}
      </ul>
      <ul className="present">
        {present.map((it) => (
          <li key={it.title}>
            <Check className="ok" size="1.1em" strokeWidth={3} aria-hidden />
            <span>{it.title}</span>
            <span className="quiet">{it.found}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
