/** When a snoozed message may come back, as somebody would say it. Times that are over, or the same, are not offered. */

export type SnoozeTime = "laterToday" | "thisEvening" | "tomorrow" | "weekend" | "nextWeek";

const MORNING = 8;
const EVENING = 18;
const SATURDAY = 6;
const MONDAY = 1;

/** In the reader's own time zone. */
export function snoozeTimes(now: Date): [SnoozeTime, Date][] {
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, 0, 0);
  const until = (weekday: number) => (weekday - now.getDay() + 7) % 7 || 7;
  const later = new Date(now.getTime() + 3 * 3_600_000);
  later.setMinutes(0, 0, 0);
  const times: [SnoozeTime, Date, boolean][] = [
    ["laterToday", later, later < at(0, EVENING)],
    ["thisEvening", at(0, EVENING), now < at(0, EVENING - 1)],
    ["tomorrow", at(1, MORNING), true],
    ["weekend", at(until(SATURDAY), MORNING), now.getDay() >= MONDAY && now.getDay() < SATURDAY - 1],
    ["nextWeek", at(until(MONDAY), MORNING), until(MONDAY) > 1],
  ];
  return times.filter(([, , isOffered]) => isOffered).map(([name, date]) => [name, date]);
}

/** For an `<input type="datetime-local">`, which knows no time zones. */
export function asLocal(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
