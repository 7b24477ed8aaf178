/**
 * A mailbox made anew from R2, a slice at a time: the account's objects are listed, read and parsed here, and handed to
 * the Mailbox, which keeps of its own what only it knows. See durable-objects/mailbox/restore.ts.
 */
import { z } from "zod";
import type { RebuildPage } from "../../contract/admin.ts";
import { rawKey, waitingKey } from "../../contract/r2-keys.ts";
import type { Restored } from "../../durable-objects/mailbox/restore.ts";
import { concatBytes } from "../../mail/compose/bytes.ts";
import { fingerprintOf } from "../../mail/fingerprint.ts";
import type { Env } from "../env.ts";
import { findRaw } from "../storage/raw-messages.ts";
import { readContent } from "../storage/read-content.ts";
import { type Operator, operate } from "./operate.ts";

/** Messages of one call: each is read and parsed, and held until the Mailbox has it. */
const SLICE = 20;

const Metadata = z.object({
  kind: z.enum(["received", "sent", "draft"]).optional(),
  added_fields: z.string().transform(decodeURIComponent).optional(),
});

/** `after`: the key that the last call came to, or "". The last call makes anew what is derived from the messages. */
export const rebuild = (env: Env, userId: string, after: string): Promise<RebuildPage> =>
  operate(env, userId, (operator) => rebuildSlice(env, operator, userId, after));

async function rebuildSlice(env: Env, operator: Operator, userId: string, after: string): Promise<RebuildPage> {
  const listed = await env.MAIL.list({
    prefix: rawKey(userId, ""),
    limit: SLICE,
    include: ["customMetadata"],
    ...(after === "" ? {} : { startAfter: after }),
  });
  const keys = await operator.notReleased(listed.objects.map(({ key }) => key));
  const found: Restored[] = [];
  for (const object of listed.objects) {
    const isMessage = keys.includes(object.key) && !(await isWaiting(env, userId, object.key));
    const restored = isMessage ? await readObject(env, object) : null;
    if (restored !== null) found.push(restored);
  }
  const { refreshed, added } = await operator.restore(found);
  if (!listed.truncated) await operator.finishRestore();
  return { refreshed, added, next: listed.truncated ? (listed.objects.at(-1)?.key ?? null) : null };
}

/** A letter that its mailbox could not take yet comes by its note, unread. */
const isWaiting = async (env: Env, userId: string, key: string): Promise<boolean> =>
  (await env.MAIL.head(waitingKey(userId, key.split("/").at(-1) ?? ""))) !== null;

/** Null: the message is on its way out, and a part of it is gone already. */
async function readObject(env: Env, { key, customMetadata, uploaded }: R2Object): Promise<Restored | null> {
  const bytes = await findRaw(env, key);
  if (bytes === null) return null;
  const about = Metadata.catch({}).parse(customMetadata ?? {});
  const added_fields = about.added_fields ?? "";
  // Bcc stands in front of the bytes, and in what its sender wrote alone.
  const fields = new TextEncoder().encode(about.kind === "received" ? "" : added_fields);
  return {
    raw_key: key,
    added_fields,
    size: bytes.byteLength + new TextEncoder().encode(added_fields).byteLength,
    content: await readContent(concatBytes([fields, bytes])),
    kind: about.kind ?? null,
    // The name begins with the moment at which the message was stored.
    stored_at: Number.parseInt(key.split("/").at(-1)?.split("-")[0] ?? "", 36) || uploaded.getTime(),
    fingerprint: fingerprintOf(bytes).hash,
  };
}
