import { queryOptions } from "@tanstack/react-query";
import type { Folder } from "../../../contract/folders.ts";
import { countsWithPending } from "../acting/pending.ts";
import { recount } from "../acting/show-update.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";

export const foldersQuery = queryOptions({
  queryKey: keys.folders,
  queryFn: ({ signal }) => countsWithPending(() => call<Folder[]>("GET", "/folders", { signal }), recount),
});
