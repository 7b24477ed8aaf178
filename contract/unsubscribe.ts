/**
 * The token of List-Unsubscribe, in its two spellings: a path of `/unsubscribe/`, and the tag of an address that mail
 * may be sent to. What it means, only the Mailbox knows.
 */

export interface UnsubscribeToken {
  user_id: string;
  submission_id: string;
  mac: string;
}

const ID_LENGTH = 11;
/** 80 bits. */
export const MAC_LENGTH = 16;

const PATH = /^(u[0-9a-hjkmnp-tv-z]{16})\.([0-9a-hjkmnp-tv-z]{11})([0-9a-hjkmnp-tv-z]{16})$/;
const TAG = /\+u-([0-9a-hjkmnp-tv-z]{27})(?:"?)@/i;

export const unsubscribePath = ({ user_id, submission_id, mac }: UnsubscribeToken): string =>
  `/unsubscribe/${user_id}.${submission_id}${mac}`;

export function parseUnsubscribePath(text: string): UnsubscribeToken | null {
  const [, user_id, submission_id, mac] = PATH.exec(text) ?? [];
  return user_id === undefined || submission_id === undefined || mac === undefined
    ? null
    : { user_id, submission_id, mac };
}

/** The tag of `alice+u-…@mesh.test`. */
export const unsubscribeTag = ({ submission_id, mac }: UnsubscribeToken): string => `u-${submission_id}${mac}`;

/** The token in an address of this account, or null. */
export function unsubscribeTokenOf(user_id: string, address: string): UnsubscribeToken | null {
  const tag = TAG.exec(address)?.[1]?.toLowerCase();
  return tag === undefined ? null : { user_id, submission_id: tag.slice(0, ID_LENGTH), mac: tag.slice(ID_LENGTH) };
}
