import { setMaxListeners } from 'node:events';

import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { type Appliance, openAppliance } from '#core/appliance/appliance.ts';
import { formatDiagnostic } from '#core/model/diagnostic.ts';
import { DiagnosticsError, isLabError } from '#core/model/errors.ts';
import { defaultNetwork, onNetwork } from '#core/model/network-name.ts';
import product from '../package.json' with { type: 'json' };
import type { Cli } from './cli.ts';
import { commands } from './commands/registry.ts';
import { exitCodeAtEnd, exitCodeOfError, type Outcome } from './exit-codes.ts';
import { openTerminal } from './terminal.ts';

// Until the end is reached: whatever throws us out before must not look like a verdict, and 1 is one.
process.exitCode = 3;
const interrupt = new AbortController();
// Every command on every node listens to it; there are many.
setMaxListeners(0, interrupt.signal);
const terminal = openTerminal(process.stdout, process.stderr, process.env);
let outcome: Outcome = { code: 0, judged: false };
let appliance: Promise<Appliance> | undefined;
const cli: Cli = {
  terminal,
  signal: interrupt.signal,
  version: product.version,
  appliance: () => (appliance ??= openAppliance(product.version)),
  exitWith: (code) => (outcome = { code, judged: false }),
  judged: (code) => (outcome = { code, judged: true }),
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(130); // Asked twice: whoever waits for us no longer wants to.
    terminal.errors.write('\nstopping and cleaning up; once more to leave at once\n');
    interrupt.abort();
  });
}
process.on('uncaughtException', (error) => {
  report(error);
  process.exit(3);
});

const program = new Command('breakwater')
  .description('A whole small ISP on this computer: attack it, mend it, prove that the service goes on.')
  .version(product.version)
  .showHelpAfterError('(breakwater --help tells more)')
  .exitOverride()
  .enablePositionalOptions()
  .addHelpText(
    'after',
    '\nBegin here:\n  breakwater up ingress-source   bring up the first lab\n  breakwater check               attack it, and see what gets through\n  breakwater shell pe1           mend it\n\nExit codes: 0 pass, 1 a control failed, 2 usage or invalid file, 3 error or inconclusive, 130 interrupted.',
  );
/** The network that the command is about: what to do next is to be done there. */
let network = defaultNetwork;
program.hook('preAction', (_program, command) => {
  const { name } = command.opts() as { readonly name?: string };
  network = name ?? defaultNetwork;
});
for (const command of commands) program.addCommand(adopt(command(cli), program));

try {
  await program.parseAsync();
} catch (error) {
  const code = report(error);
  outcome = { code: interrupt.signal.aborted ? 130 : code, judged: false };
}
await terminal.output.flushed();
const loss = terminal.output.loss();
if (loss !== undefined)
  terminal.errors.write(`what was printed is not whole: standard output cannot be written (${loss.message})\n`);
process.exitCode = exitCodeAtEnd(outcome, loss);

/** A command made elsewhere, with its own commands, errs as its parent does: it tells how to get help, and never ends the process. */
function adopt(command: CommandUnknownOpts, parent: CommandUnknownOpts): CommandUnknownOpts {
  command.copyInheritedSettings(parent).showHelpAfterError(`(breakwater ${command.name()} --help tells more)`);
  for (const child of command.commands) adopt(child, command);
  return command;
}

/** Says what went wrong, once, in the user's words; a bug keeps its stack. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DiagnosticsError)
    terminal.errors.write(`${error.diagnostics.map(formatDiagnostic).join('\n')}\n${error.message}\n`);
  else if (interrupt.signal.aborted || (isLabError(error) && error.code === 'cancelled'))
    terminal.errors.write('interrupted\n');
  else if (isLabError(error))
    terminal.errors.write(
      `error: ${onNetwork(network, error.message)}\n${error.hint === undefined ? '' : `hint: ${onNetwork(network, error.hint)}\n`}`,
    );
  else
    terminal.errors.write(
      `${error instanceof Error ? error.stack : String(error)}\nThis is a fault of breakwater itself.\n`,
    );
  return exitCodeOfError(error);
}
