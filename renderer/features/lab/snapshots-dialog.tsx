import './snapshots-dialog.css';

import { moment } from '#core/model/wording.ts';
import { useAnswer } from '../../state/answer.ts';
import { host } from '../../state/host.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { withEdits } from './with-edits.ts';

/** Everything the trainee ever had, newest first. */
export function SnapshotsDialog({ onClose }: { readonly onClose: () => void }) {
  const { value, error } = useAnswer('snapshots.list', {});
  return (
    <Dialog title="Versions" onClose={onClose}>
      <p className="quiet">Kept whenever something else took the place of your files, and at each check.</p>
      {error !== undefined && <Notice tone="broken">{error.message}</Notice>}
      {value?.length === 0 && <p>Nothing was kept yet.</p>}
      <ul className="snapshots">
        {value?.map(({ id, at, reason, lab }) => (
          <li key={id}>
            <span>
              {reason}
              <span className="quiet small tabular">
                {moment(at)}
                {lab !== undefined && ` · ${lab}`}
              </span>
            </span>
            <Button
              aria-label={`Restore ${reason}, ${moment(at)}`}
              onClick={() => {
                onClose();
                withEdits(() => host().call('snapshots.restore', { id }));
              }}
            >
              Restore
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
