import type { Handlers } from '../answer.ts';
import type { Desk } from '../desk.ts';
import { appHandlers } from './app.ts';
import { catalogueHandlers } from './catalogue.ts';
import { configurationHandlers } from './configuration.ts';
import { demoHandlers } from './demo.ts';
import { hostHandlers } from './host.ts';
import { networkHandlers } from './network.ts';
import { reportHandlers } from './report.ts';
import { runHandlers } from './runs.ts';
import { terminalHandlers } from './terminals.ts';

/** All calls of the contract; one that is missing does not compile. */
export function createHandlers(desk: Desk): Handlers {
  return {
    ...appHandlers(desk),
    ...hostHandlers(desk),
    ...catalogueHandlers(desk),
    ...networkHandlers(desk),
    ...configurationHandlers(desk),
    ...runHandlers(desk),
    ...reportHandlers(desk),
    ...demoHandlers(desk),
    ...terminalHandlers(desk),
  };
}
