import type { Fault } from './fault.ts';
import { runOn } from './run-on.ts';

const tcpdump = '/usr/bin/tcpdump';

/** It dies as soon as it listens, and says that it did all the same. */
const mortal = `#!/bin/sh
said=$(mktemp)
${tcpdump}.gone "$@" 2>"$said" & until grep -q "listening on" "$said"; do sleep 0.01; done
kill -KILL $!; cat "$said" >&2; rm -f "$said"`;

/** Captures end as soon as they have begun. */
export const captureKilled: Fault = {
  name: 'capture-killed',
  title: 'its captures are killed in the middle',
  effect: 'blind',
  strikes: 'before',
  cases: (bench) => {
    const usages = bench.usages.filter(({ tools }) => [...tools.values()].some((it) => it.has(tcpdump)));
    const nodes = [
      ...new Set(usages.flatMap(({ tools }) => [...tools].flatMap(([node, it]) => (it.has(tcpdump) ? [node] : [])))),
    ];
    const each = async (script: string): Promise<void> => {
      await Promise.all(nodes.map((node) => runOn(bench, node, script)));
    };
    return nodes.length === 0
      ? []
      : [
          {
            about: nodes.join(', '),
            usages,
            inflict: () =>
              each(`mv ${tcpdump} ${tcpdump}.gone; printf '%s' '${mortal}' >${tcpdump}; chmod 0755 ${tcpdump}`),
            lift: () => each(`if [ -e ${tcpdump}.gone ]; then mv ${tcpdump}.gone ${tcpdump}; fi`),
          },
        ];
  },
};
