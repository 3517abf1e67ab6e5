import type { MessagePortMain } from 'electron/main';

import type { Appliance } from '#core/appliance/appliance.ts';
import type { Demo } from '#core/appliance/demo.ts';
import { defaultNetwork } from '#core/model/network-name.ts';
import type { RunEvent } from '#core/model/run.ts';
import type { PreferencesFile } from './preferences-file.ts';
import type { Terminals } from './terminals/terminals.ts';
import type { Tell, Truth } from './truth.ts';
import type { Verdicts } from './verdicts.ts';

/** What every handler works with. It has no Electron in it, so that handlers run in tests without one. */
export interface Desk {
  readonly appliance: Appliance;
  readonly truth: Truth;
  readonly verdicts: Verdicts;
  readonly tell: Tell;
  readonly preferences: PreferencesFile;
  readonly terminals: Terminals;
  readonly person: Person;
  /** A port to the page for a terminal; `handOver` sends the other end of it. */
  openPort(): { readonly port: MessagePortMain; handOver(terminal: string): void };
  /** Tells of a demo that is shown, and of the events of a run that goes on. */
  demo: Demo | undefined;
  runEvents: RunEvent[];
}

/** What the person at the desktop is asked for. */
export interface Person {
  /** Where to save a file; undefined when he thought better of it. */
  chooseFile(name: string): Promise<string | undefined>;
  openLink(url: string): Promise<void>;
  /** A page of ours on paper. */
  printPage(url: string): Promise<Buffer>;
}

/** The one network that the window shows. `breakwater` without `--name` means the same. */
export const traineeNetwork = defaultNetwork;
