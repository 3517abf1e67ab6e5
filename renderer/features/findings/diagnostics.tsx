import './diagnostics.css';

import { type DaemonDiagnostic, meaningOf, placeOf } from '#core/model/daemon-diagnostic.ts';
import { Notice } from '../../ui/notice.tsx';

/** What daemons said of their files, before everything that was tried. Nothing where they said nothing. */
export function Diagnostics({ diagnostics }: { readonly diagnostics: readonly DaemonDiagnostic[] }) {
  if (diagnostics.length === 0) return null;
  const refused = diagnostics.some((it) => it.severity !== 'warning');
  return (
    <Notice
      tone={refused ? 'attack' : 'unsure'}
      title={refused ? 'Not everything was taken' : 'Taken, with a word of warning'}
    >
      <ul className="diagnostics">
        {diagnostics.map((it) => (
          <li key={`${placeOf(it)} ${meaningOf(it)} ${it.message}`}>
            {meaningOf(it)} <span className="mono">{placeOf(it)}</span>
            <br />
            <span className="mono">{it.message}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
