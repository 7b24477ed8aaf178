/**
 * The subject of a conversation, without what answering and forwarding put in front of it and lists in between
 * (RFC 5256 §2.1, for the marks of more languages).
 */

/** Re, and what mailers of other languages write: Danish, Swedish, German, Finnish, Polish, Dutch, Portuguese, Chinese. */
const REPLY = /^(?:re|sv|aw|antw|vs|odp|res|答复|回复|回覆|ответ)(?:\s*\[\d{1,3}\]|\s*\(\d{1,3}\))?\s*[:：]\s*/iu;
const FORWARD = /^(?:fwd?|wg|tr|vl|enc|rv|转发|轉寄)\s*[:：]\s*/iu;
/** A list's name in brackets. */
const BLOB = /^\[[^[\]]{1,40}\]\s*/u;

/** Marks that are taken off: somebody who answers two hundred times has made his point. */
const MAX_MARKS = 50;

/** Whether the subject is that of an answer. */
export function isReplySubject(subject: string): boolean {
  return REPLY.test(subject.trimStart().replace(BLOB, ""));
}

/** The subject that a conversation shares, in one case and with single spaces; empty where nothing is left. */
export function baseSubject(subject: string): string {
  let rest = subject.normalize("NFKC").replaceAll(/\s+/gu, " ").trim();
  for (let n = 0; n < MAX_MARKS; n++) {
    const shorter = rest.replace(BLOB, "").replace(REPLY, "").replace(FORWARD, "");
    if (shorter === rest || shorter === "") break;
    rest = shorter;
  }
  return rest.replace(/\s*\(fwd\)$/iu, "").toLowerCase();
}
