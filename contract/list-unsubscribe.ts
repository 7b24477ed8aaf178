/** How the reader of a list can leave it: what List-Unsubscribe (RFC 2369 §3.2) and List-Unsubscribe-Post (RFC 8058) say. */
import { z } from "zod";

export const ListUnsubscribe = z.object({
  /** An `https` address that takes RFC 8058's one-click request; null where there is none. */
  one_click: z.string().nullable(),
  /** A page that a person opens. */
  web: z.string().nullable(),
  mailto: z.string().nullable(),
});
export type ListUnsubscribe = z.infer<typeof ListUnsubscribe>;
