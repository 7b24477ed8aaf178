/** A mailbox of real mail, and what is known of each message in it without asking the mailbox. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { inject } from "vitest";
import { z } from "zod";
import { UserId } from "../../contract/ids.ts";
import { rawKey } from "../../contract/r2-keys.ts";
import type { Mailbox } from "../../durable-objects/mailbox/mailbox-database.ts";
import type { MailboxObject } from "../../durable-objects/mailbox/mailbox-object.ts";
import { messageIdOf } from "../../durable-objects/mailbox/object-ids.ts";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import { contentOf } from "../../workers/storage/read-content.ts";
import { type Account, anAccount } from "./mesh.ts";
import type { Doc } from "./search-oracle.ts";

const HOUR = 3_600_000;
export const ROLES = ["inbox", "archive", "junk", "trash"] as const;
/** Where each of ten messages goes. */
const PLACES = [0, 0, 0, 1, 0, 2, 0, 3, 1, 0] as const;

export interface CorpusMailbox {
  account: Account;
  docs: Doc[];
  /** Another address of the owner's: each fourth message came there. */
  tagged: string;
  inside<T>(work: (box: Mailbox) => T): Promise<T>;
}

/** Each `every`th message of the corpus, seven hours apart, the last of them before `now`. */
export async function aCorpusMailbox(every: number, now: number): Promise<CorpusMailbox> {
  const account = await anAccount();
  const tagged = account.email.replace("@", "+tag@");
  const raws = z.array(z.base64()).parse(await (await fetch(`${inject("corpusUrl")}?every=${every}`)).json());
  const inside: CorpusMailbox["inside"] = (work) =>
    runInDurableObject(account.stub, (_mailbox, { storage }) => {
      const db = drizzle(storage, { schema: tables });
      const row = db.select().from(tables.account).get();
      const { email } = account;
      return work({ db, user_id: UserId.parse(account.user_id), email, name: "", id_mask: row?.id_mask ?? 0 });
    });
  const docs: Doc[] = [];
  for (const [n, base64] of raws.entries()) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const received = now - (raws.length - n) * 7 * HOUR;
    const [isTagged, role] = [n % 4 === 0, ROLES[PLACES[n % 10] ?? 0]];
    const parsed = await parseMessage(bytes);
    const letter = {
      ...{ raw_key: rawKey(account.user_id, `corpus-${n}`), added_fields: "", size: bytes.byteLength },
      ...{ content: contentOf(parsed), return_path: "", delivered_to: [isTagged ? tagged : account.email] },
      ...{ received_at: received, fingerprint: `corpus-${n}`, repeat_window: 1 },
    };
    await env.MAIL.put(letter.raw_key, bytes);
    const deliver = (mailbox: MailboxObject) => mailbox.deliver(letter).message_id;
    const number = await runInDurableObject(account.stub, deliver);
    const id = await inside((box) => messageIdOf(box, number ?? 0));
    const state = { is_read: n % 3 === 0, is_flagged: n % 11 === 0, isTagged };
    docs.push({ id, parsed, received, size: bytes.byteLength, folders: [role], ...state });
  }
  await sort(account, docs);
  return { account, docs, tagged, inside };
}

/** Marks and moves the messages as they are to be. */
async function sort(account: Account, docs: Doc[]): Promise<void> {
  for (const role of ROLES) {
    const { id: folder } = await account.folder(role);
    for (const [is_read, is_flagged] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const some = docs.filter(
        (doc) => doc.folders.includes(role) && doc.is_read === is_read && doc.is_flagged === is_flagged,
      );
      if (some.length === 0) continue;
      const body = { ids: some.map(({ id }) => id), is_read, is_flagged, folder_ids: [folder] };
      const answer = await account.call("POST", "/messages/batch", body);
      if (!answer.ok) throw new Error(await answer.text());
    }
  }
}
