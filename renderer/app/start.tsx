import '../ui/fonts.css';
import '../ui/tokens.css';
import '../ui/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { Panel } from '../features/faults/panel.tsx';
import type { LabHost } from '../host/lab-host.ts';
import { complain, complainOfFaults } from '../state/complaints.ts';
import { provideHost } from '../state/host.ts';
import { loadPreferences, usePreferences } from '../state/preferences.ts';
import { followRoute, goTo } from '../state/route.ts';
import { followRuns } from '../state/run.ts';
import { followSnapshot } from '../state/snapshot.ts';
import { App } from './app.tsx';

/** Draws the window over a host. */
export async function start(host: LabHost): Promise<void> {
  provideHost(host);
  complainOfFaults();
  // Before the first picture: it has the right theme, and panes of the right size.
  await loadPreferences().catch(complain);
  followSnapshot();
  followRuns();
  followRoute();
  if (usePreferences.getState().now?.welcomed === false && location.hash === '') goTo({ screen: 'welcome' });
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  createRoot(root).render(
    <StrictMode>
      <Panel name="Breakwater">
        <App />
      </Panel>
    </StrictMode>,
  );
}
