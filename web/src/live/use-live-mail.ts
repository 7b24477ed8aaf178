/** Keeps all that was fetched as the account is, one set of changes after the other. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Changes } from "../../../contract/changes.ts";
import { keys } from "../api/keys.ts";
import { refreshLists } from "../list/keep-list.ts";
import { useConnection } from "./connection.ts";
import { followChanges } from "./follow-changes.ts";

/** For as long as the component is shown. */
export function useLiveMail(): void {
  const client = useQueryClient();
  const setConnection = useConnection((state) => state.set);
  useEffect(() => {
    let applying: Promise<void> = Promise.resolve();
    const apply = (changes: Changes) => {
      // Answers that overtake each other would show the past.
      applying = applying.then(() => applyChanges(client, changes)).catch(() => client.invalidateQueries());
      if (changes.message.created.length > 0) void tellNewMail(client, changes);
    };
    return followChanges({
      // What was fetched before the state was known may be older than it.
      onStart: () => void client.invalidateQueries(),
      onChanges: apply,
      onConnection: setConnection,
    });
  }, [client, setConnection]);
}

/** Not for the first screen. What is not told, since the network went, is on the screen later all the same. */
async function tellNewMail(client: QueryClient, changes: Changes): Promise<void> {
  const { hearNewMail } = await import("../announcing/new-mail.ts");
  await hearNewMail(client, changes).catch(() => undefined);
}

async function applyChanges(client: QueryClient, changes: Changes): Promise<void> {
  const { message, thread, folder, submission, import: imports, resources } = changes;
  const touched = new Set([...message.changed, ...message.destroyed, ...message.created]);
  for (const id of message.destroyed) client.removeQueries({ queryKey: keys.message(id) });
  const stale = [
    ...message.changed.map(keys.message),
    ...[...thread.created, ...thread.changed].map(keys.thread),
    ...[...submission.created, ...submission.changed].map(keys.submission),
  ];
  await Promise.all([
    ...stale.map((queryKey) => client.invalidateQueries({ queryKey })),
    touched.size > 0 || isAny(folder) ? client.invalidateQueries({ queryKey: keys.folders }) : undefined,
    refreshLists(client, message),
    ...resources.map((path) => client.invalidateQueries({ queryKey: [path] })),
    imports.changed.length > 0 ? client.invalidateQueries({ queryKey: keys.imports }) : undefined,
  ]);
}

const isAny = ({ created, changed, destroyed }: Changes["folder"]): boolean =>
  created.length + changed.length + destroyed.length > 0;
