import { infiniteQueryOptions } from "@tanstack/react-query";
import { keys } from "../api/keys.ts";
import { fetchPage, type ListSource } from "./list-source.ts";

export const listQuery = (source: ListSource) =>
  infiniteQueryOptions({
    queryKey: keys.list(source),
    queryFn: ({ pageParam, signal }) => fetchPage(source, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
