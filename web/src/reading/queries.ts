import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Folder } from "../../../contract/folders.ts";
import type { Message, Thread } from "../../../contract/messages.ts";
import type { SpamVerdict } from "../../../contract/spam.ts";
import type { Submission } from "../../../contract/submissions.ts";
import { withPending } from "../acting/pending.ts";
import { messageAfter, threadAfter } from "../acting/show-update.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { keptOr } from "../keeping/recall.ts";
import { wholeThread } from "./whole-thread.ts";

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: keys.message(id),
    queryFn: ({ client, queryKey, signal }) =>
      withPending(
        () => keptOr(client, queryKey, () => call<Message>("GET", `/messages/${id}`, { signal })),
        (message, step) => messageAfter(message, step, foldersOf(client)),
      ),
  });

export const threadQuery = (id: string) =>
  queryOptions({
    queryKey: keys.thread(id),
    queryFn: ({ client, queryKey, signal }) =>
      withPending(
        () => keptOr(client, queryKey, () => wholeThread((cursor) => pageOfThread(id, cursor, signal))),
        (thread, step) => threadAfter(thread, step, foldersOf(client)),
      ),
  });

function pageOfThread(id: string, cursor: string | null, signal: AbortSignal): Promise<Thread> {
  const query = new URLSearchParams({ limit: "100", ...(cursor === null ? {} : { cursor }) });
  return call("GET", `/threads/${id}?${query}`, { signal });
}

const foldersOf = (client: QueryClient): Folder[] => client.getQueryData<Folder[]>(keys.folders) ?? [];

export const submissionQuery = (id: string) =>
  queryOptions({
    queryKey: keys.submission(id),
    queryFn: ({ signal }) => call<Submission>("GET", `/submissions/${id}`, { signal }),
  });

/** The same message with its remote images. Its content never changes, so what changes of the message is no reason to ask. */
export const proxiedQuery = (id: string) =>
  queryOptions({
    queryKey: ["proxied", id],
    queryFn: ({ signal }) => call<Message>("GET", `/messages/${id}?images=proxied`, { signal }),
  });

/** What was found when the message came: it stays so. */
export const spamQuery = (id: string) =>
  queryOptions({
    queryKey: ["spam", id],
    queryFn: ({ signal }) => call<SpamVerdict>("GET", `/messages/${id}/spam`, { signal }),
  });
