/** Moments that one may want a letter to leave at, in the time zone of the device. */
export interface Preset {
  name: "evening" | "tomorrow" | "monday";
  date: Date;
}

const MORNING = 8;
const EVENING = 18;

export function presetsAt(now: Date): Preset[] {
  const daysToMonday = (8 - now.getDay()) % 7 || 7;
  return [
    // An hour before is soon enough to be meant.
    ...(now.getHours() < EVENING - 1 ? [{ name: "evening" as const, date: at(now, 0, EVENING) }] : []),
    { name: "tomorrow", date: at(now, 1, MORNING) },
    ...(daysToMonday > 1 ? [{ name: "monday" as const, date: at(now, daysToMonday, MORNING) }] : []),
  ];
}

const at = (now: Date, days: number, hour: number): Date =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
