import { useQueryClient } from "@tanstack/react-query";
import type { VirtualItem } from "@tanstack/react-virtual";
import { useEffect, useState } from "react";
import { useConnection } from "../live/connection.ts";
import { look, lookAway } from "./keep-list.ts";
import type { LoadedList } from "./list-cache.ts";
import type { ListSource } from "./list-source.ts";

/** So many rows before the end the next page is asked for. */
const AHEAD = 60;

/** Has fetched what is looked at and lacking. Returns what was wrong, until it is tried again. */
export function useLook(source: ListSource, list: LoadedList | undefined, rows: readonly VirtualItem[]): Error | null {
  const client = useQueryClient();
  const [complaint, setComplaint] = useState<Error | null>(null);
  // A connection that came back is a reason to try again.
  const connection = useConnection((state) => state.connection);
  const [first, last] = [rows[0]?.index ?? 0, rows.at(-1)?.index ?? 0];
  useEffect(() => {
    if (list === undefined || connection === "lost") return;
    const cursors = new Set<string | null>();
    let begin = 0;
    for (const { cursor, messages } of list.pages) {
      const end = begin + messages.length;
      if (begin <= last && end > first) cursors.add(cursor);
      begin = end;
    }
    look(client, source, { cursors, isNearEnd: last > begin - AHEAD }).then(() => setComplaint(null), setComplaint);
  }, [client, source, list, first, last, connection]);
  useEffect(() => () => lookAway(source), [source]);
  return complaint;
}
