import { attackersStopped } from './attackers-stopped.ts';
import { busy } from './busy.ts';
import { captureKilled } from './capture-killed.ts';
import type { Fault } from './fault.ts';
import { late } from './late.ts';
import { linksDown } from './links-down.ts';
import { toolsGone } from './tools-gone.ts';
import { victimStopped } from './victim-stopped.ts';

/** Everything that is made to go wrong, what is put right most easily first. */
export const faults: readonly Fault[] = [
  toolsGone,
  captureKilled,
  busy,
  late,
  linksDown,
  attackersStopped,
  victimStopped,
];
