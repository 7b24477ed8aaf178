/** Moments that one may want a letter to leave at, in the time zone of who writes it. */
import { hourOfDay, inZone } from "../language/local-time.ts";

export interface Preset {
  name: "evening" | "tomorrow" | "monday";
  date: Date;
}

const MORNING = 8;
const EVENING = 18;

export function presetsAt(now: Date): Preset[] {
  const here = inZone(now);
  const daysToMonday = (8 - here.getDay()) % 7 || 7;
  return [
    // An hour before is soon enough to be meant.
    ...(here.getHours() < EVENING - 1 ? [{ name: "evening" as const, date: hourOfDay(now, 0, EVENING) }] : []),
    { name: "tomorrow", date: hourOfDay(now, 1, MORNING) },
    ...(daysToMonday > 1 ? [{ name: "monday" as const, date: hourOfDay(now, daysToMonday, MORNING) }] : []),
  ];
}
