import { useCallback, useMemo } from "react";
import { useLocation } from "wouter";
import { useLocationProperty } from "wouter/use-browser-location";
import { addressOf, type ListPlace, type Opened, type Place, placeOf } from "./place.ts";

/** The place in the address bar, and how to go to another. */
export function usePlace(): [Place, (place: Place, options?: { replace?: boolean }) => void] {
  const [path, navigate] = useLocation();
  const hash = useLocationProperty(() => location.hash);
  const place = useMemo(() => placeOf(path, hash), [path, hash]);
  const goTo = useCallback(
    (to: Place, options?: { replace?: boolean }) => navigate(addressOf(to), options),
    [navigate],
  );
  return [place, goTo];
}

/** The list on the screen, the same object whatever is opened of it, and what that is. */
export function useListPlace(): { list: ListPlace; opened: Opened | null } {
  const [place] = usePlace();
  const { screen } = place;
  const folder = screen === "folder" ? place.folder : "inbox";
  const q = screen === "search" ? place.q : null;
  const list = useMemo<ListPlace>(
    () => (q === null ? { screen: "folder", folder, opened: null } : { screen: "search", q, opened: null }),
    [folder, q],
  );
  return { list, opened: "opened" in place ? place.opened : null };
}
