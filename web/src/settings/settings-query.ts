import { queryOptions } from "@tanstack/react-query";
import type { Settings, UpdateSettings } from "../../../contract/settings.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";

export const settingsQuery = queryOptions({
  queryKey: keys.settings,
  queryFn: ({ signal }) => call<Settings>("GET", "/settings", { signal }),
});

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** Shown at once, and as it was where the server refuses. One after the other, as they were made. */
export async function changeSettings(update: UpdateSettings): Promise<void> {
  const before = queryClient.getQueryData(settingsQuery.queryKey);
  const show = (settings: Partial<Settings>) =>
    queryClient.setQueryData(settingsQuery.queryKey, (now) => now && { ...now, ...settings });
  show(update as Partial<Settings>);
  waiting += 1;
  const mine = last.then(() => call<Settings>("PATCH", "/settings", { body: update }));
  last = mine.catch(() => undefined);
  try {
    const answer = await mine;
    // What the answer does not know yet is shown already.
    if (waiting === 1) show(answer);
  } catch (error) {
    const names = Object.keys(update);
    if (before) show(Object.fromEntries(Object.entries(before).filter(([name]) => names.includes(name))));
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
  } finally {
    waiting -= 1;
  }
}
