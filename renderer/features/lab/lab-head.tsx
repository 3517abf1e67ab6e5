import './lab-head.css';

import { History, Play, Presentation, RotateCcw, Square, Wrench } from 'lucide-react';
import { useState } from 'react';

import type { LabView } from '../../../electron/contract/lab.ts';
import { bringUp } from '../../state/bring-up.ts';
import { complain } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { goTo } from '../../state/route.ts';
import { useSnapshot, useTask } from '../../state/snapshot.ts';
import { Button } from '../../ui/button.tsx';
import { LayOutDialog } from './lay-out-dialog.tsx';
import { SnapshotsDialog } from './snapshots-dialog.tsx';
import { withEdits } from './with-edits.ts';

/** What the lab is, and what can be done with all of it. */
export function LabHead({ view }: { readonly view: LabView }) {
  const network = useSnapshot(({ now }) => now?.network);
  const busy = useTask('network.up', 'network.down', 'network.reset', 'network.solve', 'snapshots.restore');
  const checking = useTask('run.check');
  const [dialog, setDialog] = useState<'reset' | 'solve' | 'snapshots'>();
  const here = network?.lab === view.id;
  return (
    <header className="lab-head">
      <div className="lab-title">
        <h1>{view.title}</h1>
        <p className="quiet small">
          <span className="mono">{view.id}</span>
          <span>
            mend {view.mend.join(', ')} · about {view.minutes} min
          </span>
        </p>
      </div>
      <div className="lab-actions">
        {here ? (
          <>
            <Button
              tone="quiet"
              icon={<RotateCcw size={16} aria-hidden />}
              disabled={busy !== undefined}
              onClick={() => setDialog('reset')}
            >
              Begin anew
            </Button>
            <Button
              tone="quiet"
              icon={<Wrench size={16} aria-hidden />}
              disabled={busy !== undefined}
              onClick={() => setDialog('solve')}
            >
              Solution
            </Button>
            <Button
              tone="quiet"
              icon={<History size={16} aria-hidden />}
              disabled={busy !== undefined}
              onClick={() => setDialog('snapshots')}
            >
              Versions
            </Button>
          </>
        ) : null}
        <Button
          tone="quiet"
          icon={<Presentation size={16} aria-hidden />}
          onClick={() => goTo({ screen: 'demo', lab: view.id })}
        >
          Demo
        </Button>
        {checking !== undefined ? (
          <Button icon={<Square size={14} aria-hidden />} onClick={() => host().call('run.cancel', {}).catch(complain)}>
            Stop checking
          </Button>
        ) : here ? (
          <Button
            tone="primary"
            data-check-all
            icon={<Play size={15} aria-hidden />}
            disabled={busy !== undefined}
            onClick={() => withEdits(() => host().call('run.check', { lab: view.id }))}
          >
            Check the lab
          </Button>
        ) : (
          <Button
            tone="primary"
            icon={<Play size={15} aria-hidden />}
            disabled={busy !== undefined}
            onClick={() => withEdits(() => bringUp(view.id))}
          >
            {network === null || network === undefined ? 'Bring the lab up' : 'Switch to this lab'}
          </Button>
        )}
      </div>
      {(dialog === 'reset' || dialog === 'solve') && <LayOutDialog to={dialog} onClose={() => setDialog(undefined)} />}
      {dialog === 'snapshots' && <SnapshotsDialog onClose={() => setDialog(undefined)} />}
    </header>
  );
}
