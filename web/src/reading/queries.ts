import { queryOptions } from "@tanstack/react-query";
import type { Message, Thread } from "../../../contract/messages.ts";
import type { SpamVerdict } from "../../../contract/spam.ts";
import type { Submission } from "../../../contract/submissions.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { wholeThread } from "./whole-thread.ts";

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: keys.message(id),
    queryFn: ({ signal }) => call<Message>("GET", `/messages/${id}`, { signal }),
  });

export const threadQuery = (id: string) =>
  queryOptions({
    queryKey: keys.thread(id),
    queryFn: ({ signal }) =>
      wholeThread((cursor) => {
        const query = new URLSearchParams({ limit: "100", ...(cursor === null ? {} : { cursor }) });
        return call<Thread>("GET", `/threads/${id}?${query}`, { signal });
      }),
  });

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
