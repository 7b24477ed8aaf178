/** Dates as lists and messages show them, in the language of the page and the time zone of its reader. */

/** The time of day for today, the weekday for the last six days, else the date. */
export function shortDate(date: Date, now: Date, language: string): string {
  const days = daysBetween(date, now);
  if (days === 0) return format(date, language, { timeStyle: "short" });
  if (days > 0 && days < 7) return format(date, language, { weekday: "short" });
  const isThisYear = date.getFullYear() === now.getFullYear();
  return format(date, language, { day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) });
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

const dayOf = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
const daysBetween = (date: Date, now: Date): number => dayOf(now) - dayOf(date);

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times what using it does. */
function format(date: Date, language: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${language} ${JSON.stringify(options)}`;
  const formatter = made.get(key) ?? new Intl.DateTimeFormat(regional(language), options);
  made.set(key, formatter);
  return formatter.format(date);
}

/** "en" as the browser has it: British people write dates another way than Americans do. */
export const regional = (language: string): string =>
  navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
