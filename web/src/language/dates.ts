/** Dates as lists and messages show them, in the language of the page and the time zone of its reader. */
import { timeZone } from "./time-zone.ts";

/** The time of day for today, the weekday for the last six days, else the date. */
export function shortDate(date: Date, now: Date, language: string): string {
  const [there, here] = [dayOf(date), dayOf(now)];
  const days = here.n - there.n;
  if (days === 0) return format(date, language, { timeStyle: "short" });
  if (days > 0 && days < 7) return format(date, language, { weekday: "short" });
  const year = there.year === here.year ? {} : ({ year: "numeric" } as const);
  return format(date, language, { day: "numeric", month: "short", ...year });
}

/** The whole of it, for an opened message and for titles. */
export const longDate = (date: Date, language: string): string =>
  format(date, language, { dateStyle: "full", timeStyle: "short" });

/** "3 hours ago", in the largest unit of which there is one. */
export function relativeDate(date: Date, now: Date, language: string): string {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** Its day in the zone, counted from 1970 on, and its year. */
function dayOf(date: Date): { n: number; year: number } {
  const parts = formatOf("en-u-ca-gregory-nu-latn", DAY).formatToParts(date);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return { n: Date.UTC(of("year"), of("month") - 1, of("day")) / 86_400_000, year: of("year") };
}

const DAY = { year: "numeric", month: "numeric", day: "numeric" } as const;

const format = (date: Date, language: string, options: Intl.DateTimeFormatOptions): string =>
  formatOf(regional(language), options).format(date);

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times what using it does. */
function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone()} ${JSON.stringify(options)}`;
  const formatter = made.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: timeZone(), ...options });
  made.set(key, formatter);
  return formatter;
}

/** "en" as the browser has it: British people write dates another way than Americans do. */
export const regional = (language: string): string =>
  navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
