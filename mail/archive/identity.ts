/**
 * What a message in an archive is recognised by. Programs that keep mail write into it: labels, flags, line ends of their
 * own. The same message with another label, or as it came over SMTP, is the same message all the same.
 */
import { concatBytes } from "../compose/bytes.ts";
import { fingerprintOf } from "../fingerprint.ts";
import { namedFields, textsOfFields } from "../named-fields.ts";
import { parseMessageId } from "../parse/message-ids.ts";
import { isCrlf, withCrlf } from "./line-ends.ts";

/** Fields that Takeout, Thunderbird, mutt, Dovecot and others put in, lower case. */
const KEEPERS = new Set([
  ...["x-gmail-labels", "x-gm-thrid", "x-mozilla-status", "x-mozilla-status2", "x-mozilla-keys", "status", "x-status"],
  ...["x-keywords", "x-uid", "x-imap", "x-imapbase", "content-length", "lines"],
]);

const MESSAGE_ID = new Set(["message-id"]);

export interface ArchiveIdentity {
  /** Read without parsing the message: most of an archive that is imported again need not be. */
  rfc_message_id: string | null;
  /** What is kept of it: as a delivery over SMTP would have had it. */
  fingerprint: string;
  /** Of the very bytes, which is what a delivery with other line ends had. */
  exact: string;
  /** See mail/fingerprint.ts. */
  has_identity: boolean;
}

export async function identityOf(bytes: Uint8Array<ArrayBuffer>): Promise<ArchiveIdentity> {
  const { hash: exact, has_identity } = fingerprintOf(bytes);
  const [messageId = null] = textsOfFields(bytes, MESSAGE_ID).get("message-id") ?? [];
  const known = { rfc_message_id: parseMessageId(messageId), exact, has_identity };
  const asDelivered = withoutKeepers(bytes);
  const isSame = asDelivered === bytes && isCrlf(bytes);
  if (isSame) return { ...known, fingerprint: exact };
  const whole = isCrlf(asDelivered) ? asDelivered : withCrlf(asDelivered);
  return { ...known, fingerprint: fingerprintOf(whole).hash };
}

/** The same array where there is nothing to take out. */
function withoutKeepers(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const { name, start, end } of namedFields(bytes)) {
    if (!KEEPERS.has(name)) continue;
    pieces.push(bytes.subarray(from, start));
    from = end;
  }
  return from === 0 ? bytes : concatBytes([...pieces, bytes.subarray(from)]);
}
