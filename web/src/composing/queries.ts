import { queryOptions } from "@tanstack/react-query";
import type { Identity } from "../../../contract/identities.ts";
import type { Settings } from "../../../contract/settings.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";

export const identitiesQuery = queryOptions({
  queryKey: keys.identities,
  queryFn: async ({ signal }) => (await call<{ identities: Identity[] }>("GET", "/identities", { signal })).identities,
});

export const settingsQuery = queryOptions({
  queryKey: keys.settings,
  queryFn: ({ signal }) => call<Settings>("GET", "/settings", { signal }),
});
