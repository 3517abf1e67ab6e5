import './shortcuts.css';

import { useEffect } from 'react';

import { goTo, useRoute } from '../state/route.ts';
import { useWork } from '../state/work.ts';
import { Dialog } from '../ui/dialog.tsx';

interface Shortcut {
  readonly keys: string;
  readonly title: string;
  /** Left out where another part of the window listens. */
  readonly act?: () => void;
}

/** Ctrl with a digit: shells and editors leave those alone, so they hold in a terminal too. */
const shortcuts: readonly Shortcut[] = [
  { keys: 'Ctrl+1', title: 'Labs and controls', act: () => goTo({ screen: 'catalogue', view: 'labs' }) },
  { keys: 'Ctrl+2', title: 'The lab', act: toLab },
  { keys: 'Ctrl+3', title: 'Reports', act: () => goTo({ screen: 'reports', run: undefined, against: undefined }) },
  { keys: 'Ctrl+4', title: 'Terminals', act: () => useWork.getState().show('terminals') },
  { keys: 'Ctrl+5', title: 'Configuration files', act: () => useWork.getState().show('files') },
  {
    keys: 'Ctrl+Enter',
    title: 'Check the lab',
    act: () => document.querySelector<HTMLElement>('[data-check-all]')?.click(),
  },
  { keys: 'F1', title: 'This page' },
  { keys: 'F6', title: 'To the next pane', act: toNextPane },
  { keys: 'Ctrl++, Ctrl+−, Ctrl+0', title: 'Larger, smaller, as it was' },
  { keys: 'Tab, arrows, Enter', title: 'Everything else; arrows also move the edges between panes' },
];

export function Shortcuts({ open, onOpen }: { readonly open: boolean; readonly onOpen: (open: boolean) => void }) {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.altKey || event.metaKey || event.shiftKey) return;
      const keys = `${event.ctrlKey ? 'Ctrl+' : ''}${event.key}`;
      const act = keys === 'F1' ? () => onOpen(true) : shortcuts.find((it) => it.keys === keys)?.act;
      if (act === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    // Before a terminal takes the key for itself.
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [onOpen]);
  if (!open) return null;
  return (
    <Dialog title="Keyboard" onClose={() => onOpen(false)}>
      <dl className="shortcuts">
        {shortcuts.map(({ keys, title }) => (
          <div key={keys}>
            <dt>
              {keys.split(', ').map((it) => (
                <kbd key={it}>{it}</kbd>
              ))}
            </dt>
            <dd>{title}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function toLab(): void {
  const { route } = useRoute.getState();
  const link = document.querySelector<HTMLAnchorElement>('.top-bar nav a[href^="#/lab/"]');
  if (route.screen !== 'lab') link?.click();
}

function toNextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>('.pane > section')].flatMap((pane) => {
    const first = pane.querySelector<HTMLElement>('button, [tabindex="0"], a[href], textarea, input');
    return pane.querySelector('.pane') !== null || first === null ? [] : [{ pane, first }];
  });
  const at = panes.findIndex(({ pane }) => pane.contains(document.activeElement));
  panes[(at + 1) % panes.length]?.first.focus();
}
