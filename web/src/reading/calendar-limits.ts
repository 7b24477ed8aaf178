/**
 * What ical.js may be given of a stranger's calendar. It writes out every change of a time zone and counts durations day
 * by day, so that a line such as `RRULE:FREQ=SECONDLY` would keep the page busy until it is closed.
 */
import ICAL from "ical.js";

/** Real ones have two changes a year, and a few dozen from before they had. */
const MOST_CHANGES = 50;
const MOST_RULES = 4;
const MOST_DAYS = 7;
/** As other programs begin theirs: 1601. */
const FIRST_YEAR = 1600;
const LAST_YEAR = 2500;
const LONGEST_SECONDS = 100 * 366 * 86_400;

/** Whether a VTIMEZONE changes as the time of a place does: on a day of one month, year by year. */
export function isHarmless(zone: ICAL.Component): boolean {
  const changes = zone.getAllSubcomponents();
  const rules = changes.flatMap((change) => change.getAllProperties("rrule"));
  const isFar = (zone.parent?.getAllSubcomponents("vevent") ?? []).some((event) => yearOf(event) > LAST_YEAR);
  return (
    !isFar &&
    changes.length <= MOST_CHANGES &&
    rules.length <= MOST_RULES &&
    changes.every((change) => !change.hasProperty("rrule") || yearOf(change) >= FIRST_YEAR) &&
    rules.every((rule) => isYearly(rule.getFirstValue()))
  );
}

/** As it is written: asked for its value, it would look up its zone. */
const yearOf = (component: ICAL.Component): number =>
  Number(/^\d{4}/.exec(String(component.getFirstProperty("dtstart")?.jCal[3]))?.[0] ?? 0);

function isYearly(rule: unknown): boolean {
  if (!(rule instanceof ICAL.Recur) || rule.freq !== "YEARLY") return false;
  const { BYMONTH = [], BYDAY = [], BYMONTHDAY = [], ...others } = rule.parts;
  return (
    BYMONTH.length <= 1 &&
    (BYMONTH.length === 1 || BYDAY.length + BYMONTHDAY.length === 0) &&
    BYDAY.length <= MOST_DAYS &&
    BYMONTHDAY.length <= MOST_DAYS &&
    Object.keys(others).length === 0
  );
}

/** Whether an event's DURATION is one of this world. */
export function isShort(event: ICAL.Component): boolean {
  const duration = event.getFirstPropertyValue("duration");
  return !(duration instanceof ICAL.Duration) || Math.abs(duration.toSeconds()) <= LONGEST_SECONDS;
}
