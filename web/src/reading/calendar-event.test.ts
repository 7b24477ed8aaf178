import { expect, it } from "vitest";
import { eventIn } from "./calendar-event.ts";

const calendar = (...lines: string[]) =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", ...lines, "END:VCALENDAR", ""].join("\r\n");
const event = (...lines: string[]) => ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20270501T080000Z", ...lines, "END:VEVENT"];

const LISBON = [
  ...["BEGIN:VTIMEZONE", "TZID:Our own Lisbon", "BEGIN:STANDARD", "DTSTART:19700101T000000"],
  ...["TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE"],
];

it("reads what, when, where and who", () => {
  const people = [
    'ORGANIZER;CN="Ines, Carvalho":mailto:ines@river.example',
    "ATTENDEE;CN=Alice;PARTSTAT=ACCEPTED:mailto:alice@mesh.test",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION:MAILTO:bob@mesh.test",
  ];
  const times = ["DTSTART;TZID=Our own Lisbon:20270512T100000", "DTEND;TZID=Our own Lisbon:20270512T113000"];
  const text = calendar(
    "METHOD:REQUEST",
    ...LISBON,
    ...event("SUMMARY:The river\\, again", "LOCATION:Pier 2", ...times, ...people),
  );
  expect(eventIn(text)).toMatchObject({
    ...{ method: "REQUEST", summary: "The river, again", location: "Pier 2", organizer: "Ines, Carvalho" },
    start: { date: new Date("2027-05-12T09:00:00Z"), isDay: false },
    end: { date: new Date("2027-05-12T10:30:00Z") },
    guests: [
      { name: "Alice", email: "alice@mesh.test", answer: "accepted" },
      { name: "", email: "bob@mesh.test", answer: "none" },
    ],
  });
});

it("ends a day's event on its last day, and knows one that repeats and one that is called off", () => {
  const days = event("DTSTART;VALUE=DATE:20270512", "DTEND;VALUE=DATE:20270514", "RRULE:FREQ=WEEKLY");
  expect(eventIn(calendar("METHOD:CANCEL", ...days))).toMatchObject({
    ...{ method: "CANCEL", isRepeated: true, start: { date: new Date("2027-05-12"), isDay: true } },
    end: { date: new Date("2027-05-13"), isDay: true },
  });
  const one = event("DTSTART;VALUE=DATE:20270512", "DTEND;VALUE=DATE:20270513");
  expect(eventIn(calendar(...one))).toMatchObject({ method: "PUBLISH", end: null });
});

it("makes nothing of what is no event", () => {
  for (const text of ["", "BEGIN:VCALENDAR", calendar(), "<html>", calendar(...event("DTSTART:nonsense"))]) {
    expect([text, eventIn(text)]).toEqual([text, null]);
  }
});
