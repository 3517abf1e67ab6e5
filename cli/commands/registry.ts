import type { CommandModule } from '../cli.ts';
import { briefCommand } from './brief.ts';
import { captureCommand } from './capture.ts';
import { checkCommand } from './check.ts';
import { coverageCommand } from './coverage.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { downCommand } from './down.ts';
import { execCommand } from './exec.ts';
import { factsCommand } from './facts.ts';
import { hintCommand } from './hint.ts';
import { imageCommand } from './image.ts';
import { labsCommand } from './labs.ts';
import { resetCommand, solveCommand } from './mend.ts';
import { renderCommand } from './render.ts';
import { shellCommand } from './shell.ts';
import { snapshotsCommand } from './snapshots.ts';
import { statusCommand } from './status.ts';
import { testCommand } from './test.ts';
import { tourCommand } from './tour.ts';
import { upCommand } from './up.ts';
import { validateCommand } from './validate.ts';
import { verifyCommand } from './verify.ts';

/** Every command, in the order in which `--help` teaches them. */
export const commands: readonly CommandModule[] = [
  doctorCommand,
  imageCommand,
  labsCommand,
  tourCommand,
  upCommand,
  statusCommand,
  briefCommand,
  shellCommand,
  execCommand,
  checkCommand,
  hintCommand,
  diffCommand,
  resetCommand,
  solveCommand,
  snapshotsCommand,
  captureCommand,
  downCommand,
  testCommand,
  factsCommand,
  renderCommand,
  verifyCommand,
  coverageCommand,
  validateCommand,
];
