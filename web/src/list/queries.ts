import { queryOptions } from "@tanstack/react-query";
import { keys } from "../api/keys.ts";
import { fetchList } from "./keep-list.ts";
import { type LoadedList, shareRows } from "./list-cache.ts";
import type { ListSource } from "./list-source.ts";

export const listQuery = (source: ListSource) =>
  queryOptions<LoadedList>({
    queryKey: keys.list(source),
    queryFn: ({ client, signal }) => fetchList(client, source, signal),
    structuralSharing: (before, now) => shareRows(before as LoadedList | undefined, now as LoadedList),
  });
