import { queryOptions } from "@tanstack/react-query";
import type { Folder } from "../../../contract/folders.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";

export const foldersQuery = queryOptions({
  queryKey: keys.folders,
  queryFn: ({ signal }) => call<Folder[]>("GET", "/folders", { signal }),
});
