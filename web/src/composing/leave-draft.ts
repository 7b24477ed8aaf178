import { goTo, placeNow } from "../app/address-bar.ts";

/** There is nothing any more at the address of a draft that was sent or discarded. */
export function leaveDraft(id: string | undefined): void {
  const place = placeNow();
  if ("opened" in place && place.opened !== null && place.opened.id === id) {
    goTo({ ...place, opened: null }, { replace: true });
  }
}
