/** Bytes that were stored before a Mailbox was asked, and that it has no use for. */
import type { Context } from "hono";
import { isFailure } from "../../contract/failure.ts";
import { discardRaw } from "../storage/raw-messages.ts";
import type { ApiEnv } from "./api-env.ts";

/** Takes a message's bytes back when the mailbox refuses it (there is no room, say, or it was sent meanwhile). */
export async function orDiscard<T>(c: Context<ApiEnv>, raw_key: string, accepted: Promise<T>): Promise<T> {
  try {
    return await accepted;
  } catch (error) {
    // Refused, that is: nothing was written. After any other error something may have been, and the bytes stay.
    if (isFailure(error)) await discardRaw(c.env, c.var.user_id, raw_key);
    throw error;
  }
}
