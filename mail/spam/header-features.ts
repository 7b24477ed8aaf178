/**
 * What the header says that its writer's program and intent decide. Fields that tell whose mailbox it is, which list it
 * came over or which way it took (Received, To's addresses, List-…, Delivered-To, dates) are left out: they would tell the
 * collections of a corpus apart, and teach nothing of spam. The mailbox it came to learns of them by itself (beginning.ts).
 */
import { namedFields, textsOfFields } from "../named-fields.ts";
import { bytesAsString } from "../parse/charset.ts";
import type { ParsedMessage } from "../parse/parsed-message.ts";
import type { FeatureSet } from "./feature-set.ts";
import { addHost } from "./link-features.ts";
import { bucket, shapeOf } from "./shapes.ts";
import { addWords } from "./words.ts";

/** Written by hops, lists, mailboxes and other filters. */
const TRACE =
  /^(?:arc-|authentication-results|content-length|date$|deliver|dkim-|envelope-to|errors-to|forwarded|lines$|list-|mailing-list|old-|precedence|received|replied|resent|return-path|status$|x-apparently-to|x-archive|x-beenthere|x-delivered|x-egroups|x-envelope|x-evolution|x-keywords|x-list|x-loop|x-mail-from|x-mailman|x-ml-|x-mozilla|x-original|x-pyzor|x-sieve|x-spam|x-status|x-uid|x-virus|xref)/;

const WORDED = [
  "x-mailer",
  "user-agent",
  "organization",
  "content-transfer-encoding",
  "x-mimeole",
  "importance",
  "x-priority",
  "x-msmail-priority",
  "mime-version",
];
const READ = new Set([...WORDED, "to", "message-id", "content-type"]);
const MAX_VALUE = 1000;
const MAX_FIELDS = 60;

export function addHeader(features: FeatureSet, bytes: Uint8Array, parsed: ParsedMessage): void {
  const fields = textsOfFields(bytes, READ);
  const one = (name: string) => fields.get(name)?.[0]?.slice(0, MAX_VALUE);
  for (const name of WORDED) {
    const value = one(name);
    if (value !== undefined) addWords(features, "header", `${name}:`, value);
  }
  addFieldNames(features, bytes);
  addSubject(features, parsed.subject.slice(0, MAX_VALUE));
  addSender(features, parsed);
  addRecipients(features, parsed, one("to"));
  features.add("header", `message-id ${shapeOf(one("message-id") ?? "")}`);
  addContentType(features, one("content-type"));
}

/** Which fields there are, how they are written and in which order: programs differ in it, and honest ones say their name. */
function addFieldNames(features: FeatureSet, bytes: Uint8Array): void {
  let before = "";
  let count = 0;
  for (const { name, start, value } of namedFields(bytes)) {
    if (name === "" || TRACE.test(name)) continue;
    if (++count > MAX_FIELDS) return;
    const written = bytesAsString(bytes.subarray(start, value)).trim();
    features.add("header", `field ${written}`);
    features.add("header", `fields ${before} ${written}`);
    before = written;
  }
}

function addSubject(features: FeatureSet, subject: string): void {
  addWords(features, "header", "subject:", subject);
  for (let at = 0; at + 3 <= Math.min(subject.length, 80); at++) {
    features.add("header", `subject~${subject.slice(at, at + 3)}`);
  }
  if (/\s{4,40}\S{1,40}$/.test(subject)) features.add("header", "subject ends behind a gap");
  features.add("header", `subject ends with ${/[!?]$/.exec(subject.trimEnd())?.[0] ?? "neither"}`);
  features.add("header", `subject re ${/^re:/i.test(subject)}`);
  features.add("header", `subject empty ${subject === ""}`);
  if (isInCapitals(subject)) features.add("header", "subject in capitals");
}

export function isInCapitals(subject: string): boolean {
  const letters = subject.slice(0, MAX_VALUE).replace(/[^\p{L}]/gu, "");
  return letters.length > 5 && letters === letters.toUpperCase() && letters !== letters.toLowerCase();
}

function addSender(features: FeatureSet, { from, reply_to, message_id }: ParsedMessage): void {
  if (from === null) {
    features.add("header", "from nobody");
    return;
  }
  addWords(features, "header", "from:", from.name.slice(0, 200));
  features.add("header", `from has name ${from.name !== ""}`);
  const [local, domain] = partsOf(from.email);
  features.add("header", `from local ${local}`);
  features.add("header", `from shape ${shapeOf(local)}`);
  addHost(features, "header", "from at", domain);
  const answer = reply_to[0];
  const reply = answer === undefined ? "no" : partsOf(answer.email)[1] === domain ? "same" : "other";
  features.add("header", `reply-to ${reply} domain`);
  const idDomain = partsOf(message_id ?? "")[1];
  const isSame = idDomain !== "" && (domain.endsWith(idDomain) || idDomain.endsWith(domain));
  features.add("header", `message-id ${idDomain === "" ? "no" : isSame ? "same" : "other"} domain`);
}

/** Not who they are: a mailbox gets mail for its owner, and a list's address would stand for the list. */
function addRecipients(features: FeatureSet, { to, cc, from }: ParsedMessage, field: string | undefined): void {
  features.add("header", `to ${bucket(to.length)}`);
  features.add("header", `cc ${bucket(cc.length)}`);
  if (field === undefined) features.add("header", "to missing");
  else if (/undisclosed|recipient/i.test(field)) features.add("header", "to undisclosed");
  features.add("header", `to has name ${to.some(({ name }) => name !== "")}`);
  if (to[0] !== undefined && to[0].email === from?.email) features.add("header", "to is from");
}

function addContentType(features: FeatureSet, value: string | undefined): void {
  if (value === undefined) {
    features.add("header", "content-type missing");
    return;
  }
  const boundary = /boundary\s*=\s*"?([^";]{1,100})/i.exec(value)?.[1];
  if (boundary !== undefined) features.add("header", `boundary ${shapeOf(boundary)}`);
  addWords(features, "header", "content-type:", value.replace(/boundary\s*=\s*("[^"]*"|[^;]*)/i, ""));
}

const partsOf = (address: string): [local: string, domain: string] => {
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf("@");
  return at < 0 ? [lower, ""] : [lower.slice(0, at), lower.slice(at + 1)];
};
