import { useCallback, useMemo } from "react";
import { useLocation } from "wouter";
import { useLocationProperty } from "wouter/use-browser-location";
import { addressOf, type Place, placeOf } from "./place.ts";

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
