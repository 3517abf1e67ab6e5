import './top-bar.css';

import { Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';

import { changePreferences, usePreferences } from '../state/preferences.ts';
import { formatRoute, type Route } from '../state/parse-route.ts';
import { useRoute } from '../state/route.ts';
import { useSnapshot } from '../state/snapshot.ts';
import { IconButton } from '../ui/button.tsx';
import { Emblem } from '../ui/emblem.tsx';
import { NetworkPill } from './network-pill.tsx';
import { Shortcuts } from './shortcuts.tsx';

/** The way to every screen, and what runs on this computer. */
export function TopBar() {
  const { route } = useRoute();
  const running = useSnapshot(({ now }) => now?.network?.lab);
  const lab = route.screen === 'lab' ? route.lab : running;
  return (
    <header className="top-bar">
      <a className="brand" href={formatRoute({ screen: 'welcome' })}>
        <Emblem width={30} />
        Breakwater
      </a>
      <nav aria-label="Screens">
        <Place to={{ screen: 'catalogue', view: 'labs' }} here={route.screen === 'catalogue'}>
          Labs and controls
        </Place>
        {lab !== undefined && lab !== null && (
          <Place to={{ screen: 'lab', lab }} here={route.screen === 'lab'}>
            <span className="mono">{lab}</span>
          </Place>
        )}
        <Place to={{ screen: 'reports', run: undefined, against: undefined }} here={route.screen === 'reports'}>
          Reports
        </Place>
      </nav>
      <NetworkPill />
      <ThemeButton />
      <HelpButton />
    </header>
  );
}

function Place({
  to,
  here,
  children,
}: {
  readonly to: Route;
  readonly here: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <a href={formatRoute(to)} aria-current={here ? 'page' : undefined}>
      {children}
    </a>
  );
}

const themes = { system: 'light', light: 'dark', dark: 'system' } as const;

function ThemeButton() {
  const theme = usePreferences(({ now }) => now?.theme ?? 'system');
  const Icon = { system: Monitor, light: Sun, dark: Moon }[theme];
  const words = { system: 'as the system', light: 'light', dark: 'dark' };
  return (
    <IconButton
      label={`Colours: ${words[theme]}. Change to ${words[themes[theme]]}`}
      onClick={() => changePreferences({ theme: themes[theme] })}
    >
      <Icon size={18} aria-hidden />
    </IconButton>
  );
}

function HelpButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label="Keyboard" onClick={() => setOpen(true)}>
        <Keyboard size={18} aria-hidden />
      </IconButton>
      <Shortcuts open={open} onOpen={setOpen} />
    </>
  );
}
