import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * It is not so any more, and what is on the screen is asked for again; without a key that is everything. Resolves when it
 * is there.
 *
 * What is on its way for the first time, or for nobody who looks at it, is not asked for a second time by TanStack Query:
 * it may have been read before the change, so that is done once it is there.
 */
export function markStale(client: QueryClient, queryKey: QueryKey = []): Promise<void> {
  for (const query of client.getQueryCache().findAll({ queryKey, fetchStatus: "fetching" })) {
    if (query.isActive() && query.state.data !== undefined) continue;
    const again = () => void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    query.promise?.then(
      () => setTimeout(again),
      () => {},
    );
  }
  return client.invalidateQueries({ queryKey });
}
