/** What was fetched is kept here, and is right until the account's changes say otherwise (live/). */
import { notifyManager, QueryClient } from "@tanstack/react-query";
import { Unreachable } from "./call.ts";

// Before the next key or click is heard, and not in a task of its own behind it: it has to find what the last one did.
notifyManager.setScheduler(queueMicrotask);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Changes come over the live connection, so nothing grows old by itself.
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      // Without a network too: much of it is kept in this browser, and the rest has to be said.
      networkMode: "always",
      refetchOnReconnect: true,
      // A refusal will be one again; a network may come back.
      retry: (failures, error) => error instanceof Unreachable && failures < 2 && navigator.onLine,
    },
  },
});
