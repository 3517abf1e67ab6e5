import { expect, test } from 'vitest';

import { formatRoute, parseRoute, type Route } from '../../../renderer/state/parse-route.ts';

test.each<Route>([
  { screen: 'welcome' },
  { screen: 'catalogue', view: 'controls' },
  { screen: 'lab', lab: 'mail/open-relay' },
  { screen: 'demo', lab: 'mail/open-relay' },
  { screen: 'reports', run: undefined, against: undefined },
  { screen: 'reports', run: 'a', against: undefined },
  { screen: 'reports', run: 'a', against: 'b' },
])('an address leads back to %o', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});

test.each(['', '#', '#/nowhere', '#/lab', '#/lab/only-one-part'])('%j leads to the labs', (hash) => {
  expect(parseRoute(hash)).toEqual({ screen: 'catalogue', view: 'labs' });
});
