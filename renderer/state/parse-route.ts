/** Where the window is. It stands in the address, so that a reload comes back to it. */
export type Route =
  | { readonly screen: 'welcome' }
  | { readonly screen: 'catalogue'; readonly view: 'labs' | 'controls' }
  | { readonly screen: 'lab'; readonly lab: string }
  | { readonly screen: 'demo'; readonly lab: string }
  | { readonly screen: 'reports'; readonly run: string | undefined; readonly against: string | undefined };

export function formatRoute(route: Route): string {
  switch (route.screen) {
    case 'welcome':
      return '#/welcome';
    case 'catalogue':
      return `#/catalogue/${route.view}`;
    case 'lab':
    case 'demo':
      return `#/${route.screen}/${route.lab}`;
    case 'reports':
      return `#/${['reports', route.run, route.against].filter((it) => it !== undefined).join('/')}`;
  }
}

/** What leads nowhere leads to the labs. */
export function parseRoute(hash: string): Route {
  const [screen, ...rest] = hash.replace(/^#\//, '').split('/');
  if (screen === 'welcome') return { screen };
  if ((screen === 'lab' || screen === 'demo') && rest.length === 2) return { screen, lab: rest.join('/') };
  if (screen === 'reports') return { screen, run: rest[0], against: rest[1] };
  return { screen: 'catalogue', view: rest[0] === 'controls' ? 'controls' : 'labs' };
}
