import { createWriteStream } from 'node:fs';

import { Command } from '@commander-js/extra-typings';

import { attach } from '#core/appliance/attach.ts';
import { LabError } from '#core/model/errors.ts';
import type { Cli } from '../cli.ts';
import { outletOf } from '../outlet.ts';
import { nameOption } from '../options.ts';

export function captureCommand(cli: Cli) {
  return new Command('capture')
    .description('watch the packets of an interface until Ctrl-C')
    .argument('<node:interface>', 'such as pe1:to_ceb; `any` for all')
    .argument('[filter...]', 'a pcap-filter(7) expression')
    .option('-w, --write <file>', 'write a pcap instead of text; - for stdout, as in: … -w - | wireshark -k -i -')
    .addOption(nameOption())
    .action(async (endpoint, filter, { write, name }) => {
      const [node = '', iface = ''] = endpoint.split(':');
      if (iface === '')
        throw new LabError('usage', `expected NODE:INTERFACE, got ${endpoint}`, {
          hint: 'breakwater capture pe1:to_ceb',
        });
      const { network } = await attach(await cli.appliance(), name);
      const sink = write === undefined || write === '-' ? cli.terminal.output : outletOf(createWriteStream(write));
      const format = write === undefined ? ['-l'] : ['-U', '-w', '-'];
      const process_ = network
        .node(node)
        .spawn(['tcpdump', '--immediate-mode', '-n', '-i', iface, ...format, ...filter], {
          // Nobody takes the packets any more: `capture … | head`.
          signal: AbortSignal.any([cli.signal, sink.gone]),
          onStdout: (chunk) => sink.write(chunk),
        });
      const code = await process_.ended;
      await sink.flushed();
      const loss = sink === cli.terminal.output ? undefined : sink.loss();
      if (loss !== undefined) throw new LabError('command-failed', `${write} cannot be written: ${loss.message}`);
      const isOver = cli.signal.aborted || sink.gone.aborted;
      cli.exitWith(isOver ? 0 : code);
      if (code !== 0 && !isOver) throw new LabError('command-failed', process_.stderr().trim());
    });
}
