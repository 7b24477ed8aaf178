/** The time zone that dates on the screen are in: the one of the settings, else the device's own. */
import { remembered, rememberWord } from "../keeping/remembered.ts";

/** The one that was chosen last in this browser, for the time before the settings are known. */
const KEY = "mailmesh.time-zone";

export const deviceZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A browser may be older than the zone that another one has chosen. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

let zone = deviceZone();

export const timeZone = (): string => zone;

/** Null for the device's. Returns whether it was another one before; what shows dates is drawn anew with the language. */
export function setTimeZone(name: string | null): boolean {
  const before = zone;
  zone = name !== null && isTimeZone(name) ? name : deviceZone();
  return zone !== before;
}

export const keepTimeZone = (name: string | null): void => rememberWord(KEY, name);

export const firstTimeZone = (): string | null => remembered(KEY);
