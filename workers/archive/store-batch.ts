/** Messages of an archive, made ready for the Mailbox: recognised, parsed, and their bytes stored where they are new. */
import type { Identity, ImportedMessage } from "../../durable-objects/mailbox/import-messages.ts";
import type { FoundMessage } from "../../mail/archive/found-message.ts";
import { identityOf } from "../../mail/archive/identity.ts";
import type { Env } from "../env.ts";
import { storeRaw } from "../storage/raw-messages.ts";
import { readContent } from "../storage/read-content.ts";

/** Requests to R2 at a time: the platform has six connections for a Worker. */
const AT_ONCE = 6;

/** `onStored` hears of each location as it is written: what follows may fail. */
export async function storeBatch(
  env: Env,
  userId: string,
  found: FoundMessage[],
  onStored: (location: string) => void,
): Promise<ImportedMessage[]> {
  const identified: Identified[] = [];
  // One after the other: each takes copies of its message for a moment.
  for (const one of found) identified.push({ found: one, identity: await identify(one) });
  const identities = identified.map(({ identity }) => identity);
  const isHere = identities.length === 0 ? [] : await env.MAILBOX.getByName(userId).whichAreHere(identities);
  const imported: ImportedMessage[] = [];
  for (let n = 0; n < identified.length; n += AT_ONCE) {
    const some = identified.slice(n, n + AT_ONCE);
    const stored = await Promise.allSettled(
      some.map((one, m) => store(env, userId, one, isHere[n + m] === true, onStored)),
    );
    // All of them have ended before anything is said: a location that comes later would be missed.
    for (const one of stored) {
      if (one.status === "rejected") throw one.reason;
      imported.push(one.value);
    }
  }
  return imported;
}

async function identify(found: FoundMessage): Promise<Identity> {
  const { exact, ...identity } = await identityOf(found.bytes.subarray(found.added));
  return {
    ...identity,
    exact_fingerprint: exact,
    // The first second of 1970 is no time that a message can be found at.
    received_at: found.received_at === null ? null : Math.max(1000, found.received_at),
    size: found.bytes.byteLength,
  };
}

interface Identified {
  found: FoundMessage;
  identity: Identity;
}

async function store(
  env: Env,
  userId: string,
  { found, identity }: Identified,
  isHere: boolean,
  onStored: (location: string) => void,
): Promise<ImportedMessage> {
  const { bytes, added, where, folders, flags, keywords, return_path, delivered_to } = found;
  const imported = { ...identity, where, folders, flags, keywords, return_path, delivered_to };
  if (isHere) return { ...imported, stored: null };
  const content = await readContent(bytes);
  const added_fields = new TextDecoder().decode(bytes.subarray(0, added));
  const kind = flags.is_draft ? "draft" : folders.some(({ role }) => role === "sent") ? "sent" : "received";
  // The name begins with the message's own time: a mailbox that is made anew from R2 has its dates from there.
  const at = Math.min(Date.now(), identity.received_at ?? Date.now());
  const raw_key = await storeRaw(env, userId, bytes.subarray(added), at, { kind, added_fields });
  onStored(raw_key);
  const stored = { raw_key, added_fields, size: bytes.byteLength, content };
  return { ...imported, rfc_message_id: content.rfc_message_id, stored };
}
