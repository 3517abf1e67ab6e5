import { create } from 'zustand';

import { formatRoute, parseRoute, type Route } from './parse-route.ts';

export const useRoute = create<{ readonly route: Route }>()(() => ({ route: parseRoute(location.hash) }));

export function followRoute(): () => void {
  const follow = (): void => useRoute.setState({ route: parseRoute(location.hash) });
  window.addEventListener('hashchange', follow);
  follow(); // It may have changed since this module was loaded.
  return () => window.removeEventListener('hashchange', follow);
}

export function goTo(route: Route): void {
  location.hash = formatRoute(route);
}
