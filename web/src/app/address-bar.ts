/** The address bar says where the reader is (place.ts); to go elsewhere is to write another address into it. */
import { useMemo } from "react";
import { navigate, useLocationProperty } from "wouter/use-browser-location";
import { addressOf, type ListPlace, type Place, placeOf } from "./place.ts";

export const placeNow = (): Place => placeOf(location.pathname, location.hash);

export const goTo = (place: Place, options?: { replace?: boolean }): void => navigate(addressOf(place), options);

export function usePlace(): Place {
  const path = useLocationProperty(() => location.pathname);
  const hash = useLocationProperty(() => location.hash);
  return useMemo(() => placeOf(path, hash), [path, hash]);
}

/** Of the place no more than which screen it is on. */
export const useScreen = (): Place["screen"] => useLocationProperty(() => placeNow().screen);

/**
 * The list on the screen with nothing opened of it; null where there is none. Who asks for no more than this is not drawn
 * again whenever something is opened or closed.
 */
export function useListPlace(): ListPlace | null {
  const address = useLocationProperty(() => {
    const list = withNothingOpened(placeNow());
    return list && addressOf(list);
  });
  return useMemo(() => {
    if (address === null) return null;
    const { pathname, hash } = new URL(address, location.origin);
    return withNothingOpened(placeOf(pathname, hash));
  }, [address]);
}

const withNothingOpened = (place: Place): ListPlace | null => ("opened" in place ? { ...place, opened: null } : null);
