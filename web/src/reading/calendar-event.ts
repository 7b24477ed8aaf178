/** What an invitation (RFC 5546, iTIP) says: the event of it, as far as it is shown. */
import ICAL from "ical.js";
import { momentOf } from "../language/local-time.ts";
import { isHarmless, isShort } from "./calendar-limits.ts";

export interface EventTime {
  date: Date;
  /** A day without a time, which is the same day everywhere: `date` is its beginning in UTC. */
  isDay: boolean;
}

export interface Guest {
  name: string;
  email: string;
  answer: "accepted" | "declined" | "tentative" | "none";
}

export interface CalendarEvent {
  method: "REQUEST" | "CANCEL" | "REPLY" | "PUBLISH";
  summary: string;
  location: string;
  start: EventTime | null;
  /** Of days the last one, not the one after it. */
  end: EventTime | null;
  isRepeated: boolean;
  organizer: string;
  guests: Guest[];
}

const METHODS = ["REQUEST", "CANCEL", "REPLY", "PUBLISH"] as const;
const MOST_GUESTS = 500;

/** Null for what is no calendar, or has no event in it. */
export function eventIn(text: string): CalendarEvent | null {
  try {
    return read(new ICAL.Component(ICAL.parse(text)));
  } catch {
    // A stranger wrote it, and need not have kept to RFC 5545.
    return null;
  }
}

function read(calendar: ICAL.Component): CalendarEvent | null {
  // The zones that it brings along, by which its times are understood.
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    if (isHarmless(zone)) ICAL.TimezoneService.register(zone);
    // ical.js would find it there all the same.
    else calendar.removeSubcomponent(zone);
  }
  try {
    const found = calendar.getFirstSubcomponent("vevent");
    return found && eventOf(calendar, found);
  } finally {
    ICAL.TimezoneService.reset();
  }
}

function eventOf(calendar: ICAL.Component, component: ICAL.Component): CalendarEvent {
  const event = new ICAL.Event(component);
  const method = String(calendar.getFirstPropertyValue("method") ?? "PUBLISH").toUpperCase();
  const organizer = component.getFirstProperty("organizer");
  return {
    method: METHODS.find((known) => known === method) ?? "PUBLISH",
    summary: event.summary ?? "",
    location: event.location ?? "",
    start: event.startDate ? timeOf(event.startDate) : null,
    end: event.startDate && isShort(component) ? endOf(event) : null,
    isRepeated: event.isRecurring(),
    organizer: organizer === null ? "" : nameOf(organizer) || emailOf(organizer),
    guests: component.getAllProperties("attendee").slice(0, MOST_GUESTS).map(guestOf),
  };
}

function timeOf(time: ICAL.Time): EventTime {
  const { isDate, zone } = time;
  // RFC 5545 §3.3.5: without a zone it is that hour wherever its reader is.
  if (isDate || zone === ICAL.Timezone.localTimezone) {
    const field = time.toString().slice(0, 16);
    return { date: isDate ? new Date(field) : (momentOf(field) ?? time.toJSDate()), isDay: isDate };
  }
  return { date: time.toJSDate(), isDay: false };
}

/** RFC 5545 §3.6.1: DTEND is the first moment that is not part of it. */
function endOf({ startDate, endDate }: ICAL.Event): EventTime | null {
  const end = endDate?.clone();
  if (!end) return null;
  if (end.isDate) end.adjust(-1, 0, 0, 0);
  return end.compare(startDate) > 0 ? timeOf(end) : null;
}

const ANSWERS: Record<string, Guest["answer"]> = {
  ACCEPTED: "accepted",
  DECLINED: "declined",
  TENTATIVE: "tentative",
};

const guestOf = (attendee: ICAL.Property): Guest => ({
  name: nameOf(attendee),
  email: emailOf(attendee),
  answer: ANSWERS[String(attendee.getFirstParameter("partstat") ?? "").toUpperCase()] ?? "none",
});

const nameOf = (property: ICAL.Property): string => String(property.getFirstParameter("cn") ?? "");
const emailOf = (property: ICAL.Property): string => String(property.getFirstValue() ?? "").replace(/^mailto:/i, "");
