/**
 * A step as the server is asked for it. What was made of a message's folders is sent as what was added and what was taken
 * away: another device may have labelled it or moved it, since this one saw it last, and neither undoes what the other
 * did. What goes to trash or junk goes there from everywhere. Pure.
 */
import type { Actable, Places, Step } from "./update.ts";

export type Asked = Pick<Step, "messages" | "update">;

export function asSent({ messages, update, places }: Step): Asked[] {
  const whole = [{ messages, update }];
  if ("delete" in update || update.folder_ids === undefined || places === undefined) return whole;
  const { folder_ids: wanted, ...others } = update;
  if (wanted.some((id) => places.bins.includes(id))) return whole;
  const asked = new Map<string, Asked>();
  for (const message of messages) {
    const change = changeOf(message, wanted, places);
    if (Object.keys(change).length + Object.keys(others).length === 0) continue;
    const name = JSON.stringify(change);
    const one = asked.get(name) ?? { messages: [], update: { ...others, ...change } };
    one.messages.push(message);
    asked.set(name, one);
  }
  return [...asked.values()];
}

function changeOf({ folder_ids }: Actable, wanted: Actable["folder_ids"], places: Places) {
  const added = wanted.filter((id) => !folder_ids.includes(id));
  const removed = folder_ids.filter((id) => !wanted.includes(id));
  // It is in one place. Who moves it takes it out of each other one, where it may be by now; who labels it does not.
  const isMoved = [...added, ...removed].some((id) => places.all.includes(id));
  const left = isMoved ? places.all.filter((id) => !wanted.includes(id)) : [];
  const gone = [...new Set([...removed, ...left])];
  return {
    ...(added.length > 0 ? { add_folder_ids: added } : {}),
    ...(gone.length > 0 ? { remove_folder_ids: gone } : {}),
  };
}
