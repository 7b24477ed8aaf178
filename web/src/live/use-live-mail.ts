/** Keeps all that was fetched as the account is, one set of changes after the other. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Changes } from "../../../contract/changes.ts";
import { Unreachable } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { markStale } from "../api/mark-stale.ts";
import { changesBegin, changesHeard, knownChanges } from "../keeping/keep-mail.ts";
import { refreshLists } from "../list/keep-list.ts";
import { useConnection } from "./connection.ts";
import { followChanges } from "./follow-changes.ts";
import { threadsWith } from "./threads-with.ts";

/** For as long as the component is shown. */
export function useLiveMail(): void {
  const client = useQueryClient();
  const setConnection = useConnection((state) => state.set);
  useNewestKept(client);
  useEffect(() => {
    let applying: Promise<void> = Promise.resolve();
    const apply = (changes: Changes) => {
      // Answers that overtake each other would show the past.
      applying = applying.then(() => applyChanges(client, changes)).catch(() => markStale(client));
      if (changes.message.created.length > 0) void tellNewMail(client, changes);
    };
    const { state } = knownChanges();
    return followChanges({
      since: state === null ? null : String(state),
      onStart: (state) => {
        // What was fetched before the state was known may be older than it.
        void markStale(client);
        changesBegin(state);
      },
      onChanges: apply,
      onConnection: (connection) => {
        const isBack = connection !== "lost" && useConnection.getState().connection === "lost";
        setConnection(connection);
        if (isBack) void refetchUnreached(client);
      },
    });
  }, [client, setConnection]);
}

/** Not for the first screen. What is not told, since the network went, is on the screen later all the same. */
async function tellNewMail(client: QueryClient, changes: Changes): Promise<void> {
  const { hearNewMail } = await import("../announcing/new-mail.ts");
  await hearNewMail(client, changes).catch(() => undefined);
}

/** Long after the first screen, which needs none of it. */
const LATER = 3000;
function useNewestKept(client: QueryClient): void {
  useEffect(() => {
    let end = () => clearTimeout(timer);
    const timer = setTimeout(() => {
      const began = import("../keeping/keep-newest.ts").then(({ keepNewest }) => keepNewest(client));
      // Without a network it is not there, and there would be nothing to do.
      const stop = began.catch(() => () => {});
      end = () => void stop.then((stop) => stop());
    }, LATER);
    return () => end();
  }, [client]);
}

async function applyChanges(client: QueryClient, changes: Changes): Promise<void> {
  const { message, thread, folder, submission, import: imports, resources } = changes;
  const touched = new Set([...message.changed, ...message.destroyed, ...message.created]);
  for (const id of message.destroyed) client.removeQueries({ queryKey: keys.message(id) });
  changesHeard(changes);
  const stale = [
    ...message.changed.map(keys.message),
    ...[...thread.created, ...thread.changed, ...thread.destroyed].map(keys.thread),
    ...threadsWith(client, message.changed),
    ...[...submission.created, ...submission.changed].map(keys.submission),
  ];
  await Promise.all([
    ...stale.map((queryKey) => markStale(client, { queryKey })),
    touched.size > 0 || isAny(folder) ? markStale(client, { queryKey: keys.folders }) : undefined,
    refreshLists(client, message),
    ...resources.map((path) => markStale(client, { queryKey: [path] })),
    imports.changed.length > 0 ? markStale(client, { queryKey: keys.imports }) : undefined,
  ]);
}

/** What could not be had without a network, and is still wanted. */
const refetchUnreached = (client: QueryClient): Promise<void> =>
  client.refetchQueries({ type: "active", predicate: ({ state }) => state.error instanceof Unreachable });

const isAny = ({ created, changed, destroyed }: Changes["folder"]): boolean =>
  created.length + changed.length + destroyed.length > 0;
