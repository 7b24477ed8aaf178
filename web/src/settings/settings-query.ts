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

/** Shown at once, and as it was where the server refuses. */
export async function changeSettings(update: UpdateSettings): Promise<void> {
  const before = queryClient.getQueryData(settingsQuery.queryKey);
  queryClient.setQueryData(settingsQuery.queryKey, (now) => now && ({ ...now, ...update } as Settings));
  try {
    queryClient.setQueryData(settingsQuery.queryKey, await call<Settings>("PATCH", "/settings", { body: update }));
  } catch (error) {
    queryClient.setQueryData(settingsQuery.queryKey, before);
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
  }
}
