import { host } from '../../state/host.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { withEdits } from './with-edits.ts';

const words = {
  reset: {
    call: 'network.reset',
    title: 'Begin the lab anew?',
    text: 'All files go back to how the lab began, and the services that read them start again.',
    action: 'Begin anew',
  },
  solve: {
    call: 'network.solve',
    title: 'Lay out the solution?',
    text: 'The files of the hardened network take the place of yours. The configuration pane shows what is different.',
    action: 'Lay out the solution',
  },
} as const;

/** Asks before all files change at once. */
export function LayOutDialog({ to, onClose }: { readonly to: 'reset' | 'solve'; readonly onClose: () => void }) {
  const { call, title, text, action } = words[to];
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button
            tone="primary"
            onClick={() => {
              onClose();
              withEdits(() => host().call(call, {}));
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      <p className="quiet">What you have written is kept: you find it under Versions.</p>
    </Dialog>
  );
}
