import './complaints.css';

import { X } from 'lucide-react';

import { useComplaints } from '../state/complaints.ts';
import { IconButton } from '../ui/button.tsx';

/** What did not work, in the corner, until it is put away. */
export function Complaints() {
  const { list, dismiss } = useComplaints();
  return (
    <div className="complaints" role="alert">
      {list.map(({ id, tone, message, hint, at }) => (
        <div key={id} className={`complaint ${tone}`}>
          <div>
            {tone === 'trouble' && <strong>That did not work</strong>}
            <p>{message}</p>
            {at?.map(({ file, line, column }) => (
              <p key={`${file}:${line}:${column}`} className="mono">
                {file}:{line}:{column}
              </p>
            ))}
            {hint !== undefined && (
              <p className="quiet">
                Next: <code>{hint}</code>
              </p>
            )}
          </div>
          <IconButton label="Put away" onClick={() => dismiss(id)}>
            <X size={16} aria-hidden />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
