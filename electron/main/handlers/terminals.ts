import { attach } from '#core/appliance/attach.ts';
import { noteTouched } from '#core/appliance/since-judged.ts';
import { LabError } from '#core/model/errors.ts';
import type { Handlers } from '../answer.ts';
import { type Desk, traineeNetwork } from '../desk.ts';

export function terminalHandlers(desk: Desk) {
  const { appliance, truth, verdicts, tell, terminals } = desk;
  const touch = (node: string): void => {
    verdicts.outdate(`commands were run on ${node}`);
    void noteTouched(appliance, traineeNetwork, node).catch(() => {});
  };
  const listed = (): void =>
    truth.change({ terminals: terminals.list().map(({ terminal, node }) => ({ terminal, node })) });
  return {
    'terminal.open': async ({ node: name, columns, rows, capture, network: which }) => {
      const network = which === 'demo' ? desk.demo?.network : (await attach(appliance, traineeNetwork)).network;
      if (network === undefined) throw new LabError('lab-not-running', 'no demo is open');
      const node = network.node(name);
      const argv =
        capture === undefined ? node.shell() : node.shell(['tcpdump', '--immediate-mode', '-l', '-n', '-i', capture]);
      const { port, handOver } = desk.openPort();
      const terminal = terminals.open({
        node: name,
        argv,
        columns,
        rows,
        port,
        // What is typed may change a daemon and no file. A capture only listens.
        onEnter: which === 'demo' || capture !== undefined ? () => {} : () => touch(name),
        onEnd: (ended, exitCode) => {
          listed();
          tell('terminal.ended', { terminal: ended, exitCode });
          // What was edited there comes home; a network that has gone meanwhile took its edits home itself.
          network.collectEdits().catch(() => {});
        },
      });
      handOver(terminal);
      listed();
      return { terminal };
    },
    'terminal.resize': ({ terminal, columns, rows }) => {
      terminals.resize(terminal, { columns, rows });
      return Promise.resolve(null);
    },
    'terminal.close': ({ terminal }) => {
      terminals.close(terminal);
      return Promise.resolve(null);
    },
  } satisfies Partial<Handlers>;
}
