/** What the first screen is made of, in one file: a hundred small ones, each compressed by itself, are a tenth larger. */

interface Graph {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** By the page's own module: all that it imports, and that imports. What is fetched when it is needed is not among it. */
export function firstScreen(entry: string) {
  let modules: ReadonlySet<string> | undefined;
  return (id: string, graph: Graph): string | null => {
    modules ??= reachableFrom(entry, graph);
    return modules.has(id) ? "first-screen" : null;
  };
}

function reachableFrom(entry: string, graph: Graph): Set<string> {
  const reached = new Set([entry]);
  for (const id of reached) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) reached.add(next);
  return reached;
}
