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

it("is read at once, whatever a stranger makes of its zone and its length", () => {
  const zone = (...lines: string[]) => ["BEGIN:VTIMEZONE", "TZID:Nowhere", ...lines, "END:VTIMEZONE"];
  const change = (rule: string, start = "19700101T000000") => [
    ...[
      "BEGIN:STANDARD",
      `DTSTART:${start}`,
      "TZOFFSETFROM:+0100",
      "TZOFFSETTO:+0000",
      `RRULE:${rule}`,
      "END:STANDARD",
    ],
  ];
  const start = "DTSTART;TZID=Nowhere:20270512T090000";
  const hostile = [
    [...zone(...change("FREQ=SECONDLY")), ...event(start)],
    [...zone(...change("FREQ=DAILY", "00010101T000000")), ...event(start)],
    [...zone(...change("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSECOND=1,2,3", "00010101T000000")), ...event(start)],
    [...zone(...Array.from({ length: 4000 }, () => change("FREQ=YEARLY")).flat()), ...event(start)],
    [...zone(...change("FREQ=YEARLY")), ...event("DTSTART;TZID=Nowhere:99990512T090000")],
    [...zone(), ...event("DTSTART;VALUE=DATE:20270512", "DURATION:P99999999999W")],
  ];
  // Each of them would take minutes, or for ever: the test would end for want of time.
  for (const lines of hostile) expect(eventIn(calendar(...lines))?.start).not.toBeNull();
});

it("knows the zones that programs write", () => {
  const zone = [
    ...["BEGIN:VTIMEZONE", "TZID:W. Europe Standard Time"],
    ...["BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"],
    ...["RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD"],
    ...["BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"],
    ...["RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE"],
  ];
  const text = calendar(...zone, ...event("DTSTART;TZID=W. Europe Standard Time:20270512T090000"));
  expect(eventIn(text)?.start?.date).toEqual(new Date("2027-05-12T07:00:00Z"));
});
