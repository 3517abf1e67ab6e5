/** A module of ours by what it says, or a package by its version, and the modules and packages that it imports. */
export interface Module {
  readonly id: string;
  readonly imports: readonly string[];
}

/** By path from the root of the repository, `core/run/run-lab.ts`; a package by its name, `npm:zod`. */
export type ModuleGraph = ReadonlyMap<string, Module>;

/**
 * What runs when `entries` do, sorted: themselves and all that they import, directly or not. `without` are open
 * sets, registries that import everything that may be chosen: they and what they alone import are left out.
 * @throws Error for a module that the graph does not have
 */
export function reachable(graph: ModuleGraph, entries: readonly string[], without: readonly string[] = []): string[] {
  const seen = new Set<string>();
  const ahead = [...entries];
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (seen.has(name) || without.includes(name)) continue;
    const module = graph.get(name);
    if (module === undefined) throw new Error(`no module ${name} was read`);
    seen.add(name);
    ahead.push(...module.imports);
  }
  return [...seen].toSorted();
}
