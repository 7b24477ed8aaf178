import { queryOptions } from "@tanstack/react-query";
import type { Message, Thread } from "../../../contract/messages.ts";
import type { SpamVerdict } from "../../../contract/spam.ts";
import type { Submission } from "../../../contract/submissions.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: keys.message(id),
    queryFn: ({ signal }) => call<Message>("GET", `/messages/${id}`, { signal }),
  });

/** Of longer conversations the beginning: each message opened would be a frame, and search finds the rest. */
const MOST_PAGES = 10;

/** All of a conversation: its pages begin with the oldest, and the newest is what is read. */
export const threadQuery = (id: string) =>
  queryOptions({
    queryKey: keys.thread(id),
    queryFn: async ({ signal }) => {
      const page = (cursor: string | null) => {
        const query = new URLSearchParams({ limit: "100", ...(cursor === null ? {} : { cursor }) });
        return call<Thread>("GET", `/threads/${id}?${query}`, { signal });
      };
      let thread = await page(null);
      for (let n = 1; n < MOST_PAGES && thread.next_cursor !== null; n++) {
        const next = await page(thread.next_cursor);
        thread = { ...next, messages: [...thread.messages, ...next.messages] };
      }
      return thread;
    },
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
