import './app.css';

import { useEffect, useRef } from 'react';

import { Catalogue } from '../features/catalogue/catalogue.tsx';
import { Demo } from '../features/demo/demo.tsx';
import { Panel } from '../features/faults/panel.tsx';
import { LabScreen } from '../features/lab/lab-screen.tsx';
import { Reports } from '../features/reports/reports.tsx';
import { Welcome } from '../features/welcome/welcome.tsx';
import { formatRoute, type Route } from '../state/parse-route.ts';
import { goTo, useRoute } from '../state/route.ts';
import { Complaints } from './complaints.tsx';
import { TopBar } from './top-bar.tsx';

export function App() {
  const { route } = useRoute();
  return (
    <div className="app">
      {route.screen !== 'demo' && (
        <Panel name="The bar">
          <TopBar />
        </Panel>
      )}
      <Screen route={route} />
      <Panel name="Messages">
        <Complaints />
      </Panel>
    </div>
  );
}

function Screen({ route }: { readonly route: Route }) {
  const main = useRef<HTMLElement>(null);
  const place = route.screen === 'lab' ? route.lab : route.screen;
  const first = useRef(true);
  // Who uses the keyboard is taken along to another screen, instead of staying at a link that is gone.
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [place]);

  if (route.screen === 'demo')
    return (
      <Panel
        key={route.lab}
        name="The demo"
        aside={<a href={formatRoute({ screen: 'lab', lab: route.lab })}>Back to the lab</a>}
      >
        <Demo lab={route.lab} onClose={() => goTo({ screen: 'lab', lab: route.lab })} />
      </Panel>
    );
  return (
    <main ref={main} tabIndex={-1}>
      <Panel key={place} name={names[route.screen]}>
        {route.screen === 'welcome' && <Welcome />}
        {route.screen === 'catalogue' && <Catalogue view={route.view} />}
        {route.screen === 'lab' && <LabScreen key={route.lab} lab={route.lab} />}
        {route.screen === 'reports' && <Reports run={route.run} against={route.against} />}
      </Panel>
    </main>
  );
}

const names = { welcome: 'Welcome', catalogue: 'Labs and controls', lab: 'The lab', reports: 'Reports' } as const;
