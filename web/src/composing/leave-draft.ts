import { navigate } from "wouter/use-browser-location";
import { addressOf, placeOf } from "../app/place.ts";

/** There is nothing any more at the address of a draft that was sent or discarded. */
export function leaveDraft(id: string | undefined): void {
  const place = placeOf(location.pathname, location.hash);
  if ("opened" in place && place.opened !== null && place.opened.id === id) {
    navigate(addressOf({ ...place, opened: null }), { replace: true });
  }
}
