/** How the reader of a list can leave it: what List-Unsubscribe (RFC 2369 §3.2) and List-Unsubscribe-Post (RFC 8058) say. */
import { z } from "zod";
import { SubmissionId } from "./ids.ts";

export const ListUnsubscribe = z.object({
  /** An `https` address that takes RFC 8058's one-click request; null where there is none. */
  one_click: z.string().nullable(),
  /** A page that a person opens. */
  web: z.string().nullable(),
  mailto: z.string().nullable(),
});
export type ListUnsubscribe = z.infer<typeof ListUnsubscribe>;

/** What `POST /v1/messages/{id}/unsubscribe` did, or what is left to do. */
export const Unsubscribed = z.object({
  /**
   * `unsubscribed`: the list was asked over the web, and said yes. `mail_sent`: it was asked by mail. `open_page`: only a
   * person can do it, at `url`. `done_before`: it was asked already, about this message.
   */
  outcome: z.enum(["unsubscribed", "mail_sent", "open_page", "done_before"]),
  url: z.string().nullable(),
  submission_id: SubmissionId.nullable(),
  /** In a sentence. */
  words: z.string(),
});
export type Unsubscribed = z.infer<typeof Unsubscribed>;
