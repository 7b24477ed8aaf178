import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { markStale } from "./mark-stale.ts";

/** A server whose answers come when they are let through, each with what was so when it was asked. */
function aServer() {
  let now = "before";
  const waiting: (() => void)[] = [];
  return {
    change: () => {
      now = "after";
    },
    asked: () => waiting.length,
    answer: (n: number) => waiting[n]?.(),
    ask: () => {
      const read = now;
      return new Promise<string>((resolve) => waiting.push(() => resolve(read)));
    },
  };
}

it.each(["looked at", "not looked at"])("asks again for what was on its way for the first time, %s", async (how) => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const server = aServer();
  const query = { queryKey: ["list"], queryFn: server.ask };
  let end = () => {};
  if (how === "looked at") end = new QueryObserver(client, query).subscribe(() => {});
  else void client.prefetchQuery(query);
  await expect.poll(server.asked).toBe(1);
  server.change();
  const marked = markStale(client, { queryKey: ["list"] });
  server.answer(0);
  if (how === "looked at") {
    await expect.poll(server.asked).toBe(2);
    server.answer(1);
    await marked;
    expect(client.getQueryData(["list"])).toBe("after");
  } else {
    await marked;
    expect(client.getQueryState(["list"])?.isInvalidated).toBe(true);
  }
  end();
});
