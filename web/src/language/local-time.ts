/** Hours and days of the reader's time zone, over the changes of its clocks. */
import { TZDateMini } from "@date-fns/tz/date/mini";
import { timeZone } from "./time-zone.ts";

/** A moment whose hours and days are those of the zone. */
export const inZone = (moment: Date): Date => new TZDateMini(moment, timeZone());

/** That hour, so many days after the day of `moment`: the day that the clocks are changed has 23 hours, or 25. */
export function hourOfDay(moment: Date, days: number, hour: number): Date {
  const day = inZone(moment);
  return new Date(+new TZDateMini(day.getFullYear(), day.getMonth(), day.getDate() + days, hour, timeZone()));
}

/** For an `<input type="datetime-local">`, which knows no zones: 2026-11-28T09:30. */
export function fieldOf(moment: Date): string {
  const date = inZone(moment);
  const fields = [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes()] as const;
  return new Date(Date.UTC(...fields)).toISOString().slice(0, 16);
}

/** What such a field says. Null where it is empty. */
export function momentOf(field: string): Date | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = field.split(/\D/).map(Number);
  return field === "" ? null : new Date(+new TZDateMini(year, month - 1, day, hour, minute, timeZone()));
}
