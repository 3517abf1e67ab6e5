import { type Fault, victimsOf } from './fault.ts';
import { runOn } from './run-on.ts';

/** The node that a check is about runs, and none of its links does. */
export const linksDown: Fault = {
  name: 'links-down',
  title: 'the links of what it is about are down',
  effect: 'cut',
  strikes: 'before',
  cases: (bench) => {
    const victims = victimsOf(bench.usages);
    return victims.map((node) => ({
      about: node,
      usages: bench.usages.filter(({ nodes }) => nodes.at(-1) === node),
      inflict: () =>
        runOn(
          bench,
          node,
          'for link in /sys/class/net/*; do [ "${link##*/}" = lo ] || ip link set "${link##*/}" down; done',
        ),
      // Routes, sessions and IPv6 addresses went with the links.
      lift: () => bench.recreate([node]),
    }));
  },
};
