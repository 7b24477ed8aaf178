/** A full mailbox, quickly: letters put straight into the object, as the door would hand them over. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { rawKey } from "../../contract/r2-keys.ts";
import type { MailboxObject } from "../../durable-objects/mailbox/mailbox-object.ts";
import { readContent } from "../../workers/storage/read-content.ts";
import { type Account, aLetter } from "./mesh.ts";

/** A letter's place among the many: its subject, its moment, and whatever else the test wants. */
export type Nth = (n: number) => Parameters<typeof aLetter>[0];

/**
 * Delivers `count` letters, a second apart, the last one now. Their bytes are not in R2 unless the test asks for it: a
 * test that leaves the messages in a checked account has to.
 */
export async function deliverMany(
  account: Account,
  count: number,
  nth: Nth,
  options = { withBytes: false },
): Promise<number[]> {
  const now = Date.now();
  const encoder = new TextEncoder();
  const letters = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const bytes = encoder.encode(aLetter({ id: `many-${n}-${crypto.randomUUID()}@far.example`, ...nth(n) }));
      const raw_key = rawKey(account.user_id, `many-${n}-${crypto.randomUUID()}`);
      if (options.withBytes) await env.MAIL.put(raw_key, bytes);
      return {
        ...{ raw_key, added_fields: "", size: bytes.byteLength, content: await readContent(bytes) },
        ...{ return_path: "zoe@far.example", delivered_to: [account.email], received_at: now - (count - n) * 1000 },
        ...{ fingerprint: raw_key, repeat_window: 1000 },
      };
    }),
  );
  return runInDurableObject(account.stub, (mailbox: MailboxObject) =>
    letters.map((letter) => mailbox.deliver(letter).message_id ?? 0),
  );
}
