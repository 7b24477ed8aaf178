/** The prior that the Worker is shipped with, unpacked when a message first asks for it: once for all of its mailboxes. */

import { type Prior, readPrior } from "./prior.ts";
import { PRIOR_DATA } from "./prior-data.ts";

let unpacked: Prior | undefined;

export function shippedPrior(): Prior {
  unpacked ??= readPrior(Uint8Array.from(atob(PRIOR_DATA), (character) => character.charCodeAt(0)));
  return unpacked;
}
