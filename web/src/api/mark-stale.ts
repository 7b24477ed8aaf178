/** What the account's changes say is not so any more. */
import type { QueryClient, QueryKey } from "@tanstack/react-query";

interface Which {
  queryKey?: QueryKey;
  exact?: boolean;
}

/**
 * What is looked at is fetched again, the rest when it is. An answer that is on its way for the first time, or for nobody
 * who looks at it, may have been read before the change, and TanStack would take it for the new one: it is marked once it
 * is there. Resolves when all that is looked at is as the account is.
 */
export async function markStale(client: QueryClient, which: Which = {}): Promise<void> {
  const onTheirWay = client
    .getQueryCache()
    .findAll({ ...which, fetchStatus: "fetching" })
    .filter((query) => query.state.data === undefined || !query.isActive());
  const again = onTheirWay.map(async ({ promise, queryKey }) => {
    // One that failed is asked for again by whoever needs it.
    await promise?.catch(() => undefined);
    await client.invalidateQueries({ queryKey, exact: true });
  });
  await Promise.all([client.invalidateQueries(which), ...again]);
}
