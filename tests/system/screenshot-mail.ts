/** The mail in the screenshot: made up, and as plain as mail between people who work on a river is. */

export interface MadeUpMail {
  from: string;
  subject: string;
  text: string;
  /** Minutes before the screenshot. */
  age: number;
  isRead?: boolean;
  cc?: string;
  /** What answers to it call it, and what it answers. */
  id?: string;
  answers?: string;
  attachment?: { name: string; type: string; content: string };
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** Oldest first, as it comes. */
export const MAIL: MadeUpMail[] = [
  {
    from: "Ben Okafor <ben@rowing.example>",
    subject: "Photographs of the regatta",
    text: "All 120 of them are in the shared folder. The one with the heron is number 47.",
    age: 9 * DAY,
    isRead: true,
  },
  {
    from: "Kestrelford Library <desk@library.example>",
    subject: "Two books are due on Friday",
    text: "A reminder from the desk: “The Tide Mill” and “Field Guide to Lichens” are due back on Friday.",
    age: 6 * DAY,
    isRead: true,
  },
  {
    from: "Sofia Lindqvist <sofia@regatta.example>",
    subject: "Start list for Sunday",
    text: "Fourteen boats so far. Please tell me by Thursday if your crew has changed.",
    age: 3 * DAY,
    isRead: true,
    attachment: { name: "start-list.csv", type: "text/csv", content: "boat,crew\nHeron,4\nOtter,2\n" },
  },
  {
    from: "Harbour Office <office@harbour.example>",
    subject: "Mooring invoice 2217",
    text: "Please find the invoice for the winter mooring attached. Payment is due within 30 days.",
    age: 2 * DAY,
    isRead: true,
    attachment: { name: "invoice-2217.pdf", type: "application/pdf", content: "%PDF-1.4\n" },
  },
  {
    from: "Tom Adeyemi <tom@lock.example>",
    subject: "Re: Keys for the boathouse",
    text: "I left the spare set with Jonas. The padlock on the north gate sticks, so turn it twice.",
    age: DAY + 3 * HOUR,
    isRead: true,
  },
  {
    from: "Mei Tanaka <mei@bridgeworks.example>",
    subject: "Footbridge: drawings for review",
    text: "The handrail is now 20 mm higher, as you asked. Sheets 3 and 4 are the ones that changed.",
    age: DAY,
    attachment: { name: "sheets-3-4.pdf", type: "application/pdf", content: "%PDF-1.4\n" },
  },
  {
    from: "Bookshop on the Quay <orders@bookshop.example>",
    subject: "Your order is ready",
    text: "“Rivers of the North” has arrived. We keep it for you until Saturday.",
    age: 5 * HOUR,
  },
  {
    from: "Jonas Reuter <jonas@river.example>",
    subject: "Saturday crew",
    id: "crew",
    cc: "Mei Tanaka <mei@bridgeworks.example>",
    text: "Ana and Ben can make it, Lea cannot. That leaves us one short for the second boat.",
    age: 40,
    isRead: true,
  },
  {
    from: "Mei Tanaka <mei@bridgeworks.example>",
    subject: "Re: Saturday crew",
    text: "I can row on Saturday if somebody lends me a vest.",
    age: 25,
    isRead: true,
    answers: "crew",
  },
  {
    from: "Jonas Reuter <jonas@river.example>",
    subject: "Re: Saturday crew",
    text: "There is one in the boathouse, second shelf.\n\nOn Saturday, Mei Tanaka wrote:\n> I can row on Saturday if somebody lends me a vest.",
    age: 12,
    isRead: true,
    answers: "crew",
  },
  {
    from: "Ines Carvalho <ines@river.example>",
    subject: "Water levels, week 47",
    text: [
      "Hello Alice,",
      "the gauge at Kestrelford read 4.2 metres at noon on Monday and has been falling since, about a hand a day. If it does not rain again we can open the lower sluice on Thursday.",
      "The readings are attached, one line an hour. Two of them are missing: the logger froze on Tuesday morning, and I did not want to guess.",
      "Could you tell the rowing club? They have been asking for a date.",
      "Ines",
    ].join("\n\n"),
    age: 9,
    attachment: { name: "levels-47.csv", type: "text/csv", content: "time,metres\n12:00,4.20\n".repeat(180) },
  },
  {
    from: "Rowing Club <notices@rowing.example>",
    subject: "Is there a date for the sluice yet?",
    text: "We would like to print the notice this week. Even a guess would help us plan the training.",
    age: 2,
  },
];

export const OPENED = "Water levels, week 47";
