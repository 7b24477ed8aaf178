import { queryOptions } from "@tanstack/react-query";
import type { Identity } from "../../../contract/identities.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";

export const identitiesQuery = queryOptions({
  queryKey: keys.identities,
  queryFn: async ({ signal }) => (await call<{ identities: Identity[] }>("GET", "/identities", { signal })).identities,
});
