/**
 * Date-time (RFC 5322 §3.3 and the obsolete forms of §4.3). Not left to `Date.parse`: it reads a time without a zone in
 * the zone of the machine, and then the same message has another date elsewhere.
 */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** RFC 5322 §4.3. Other names, military letters among them, say nothing reliable: they count as UTC. */
const ZONE_HOURS: Record<string, number> = { EDT: -4, EST: -5, CDT: -5, CST: -6, MDT: -6, MST: -7, PDT: -7, PST: -8 };

const RFC_5322 = /(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*[\s,.-]+(\d{2,4})[\s,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(.*)$/su;
/** `Mon Aug 26 14:00:00 [CEST] 2002`, as ctime writes it. */
const CTIME =
  /([A-Za-z]{3})[a-z]*\s+(\d{1,2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(\s+[A-Za-z]+)?(\s+[+-]\d{4})?\s+(\d{4})/u;
const ISO_8601 = /(\d{4})-(\d{2})-(\d{2})[T ]+(\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?(.*)$/su;

/** Milliseconds since 1970; null for what is no date, or lies outside the years 1970 to 9999. */
export function parseDate(text: string): number | null {
  const bounded = text.slice(0, 200);
  const iso = ISO_8601.exec(bounded);
  if (iso) return instant(iso[1], Number(iso[2]) - 1, iso[3], iso[4], iso[5], iso[6], iso[7]);
  const usual = RFC_5322.exec(bounded);
  if (usual) return instant(usual[3], month(usual[2]), usual[1], usual[4], usual[5], usual[6], usual[7]);
  const ctime = CTIME.exec(bounded);
  if (ctime) return instant(ctime[8], month(ctime[1]), ctime[2], ctime[3], ctime[4], ctime[5], ctime[7] ?? ctime[6]);
  return null;
}

function month(name: string | undefined): number {
  return MONTHS.indexOf((name ?? "").toLowerCase());
}

type Digits = string | undefined;

function instant(year: Digits, monthIndex: number, day: Digits, h: Digits, m: Digits, s: Digits, zone: Digits) {
  const [dayOfMonth, hours, minutes, seconds] = [Number(day), Number(h), Number(m), Number(s ?? 0)];
  if (monthIndex < 0 || monthIndex > 11 || hours > 24 || minutes > 59 || seconds > 60) return null;
  const fullYear = toFullYear(year ?? "");
  const midnight = Date.UTC(fullYear, monthIndex, dayOfMonth);
  // 31 February is no date, whatever a calendar that rolls over makes of it.
  if (dayOfMonth < 1 || new Date(midnight).getUTCDate() !== dayOfMonth) return null;
  const time = midnight + ((hours * 60 + minutes - offsetMinutes(zone ?? "")) * 60 + seconds) * 1000;
  return time >= 0 && fullYear >= 1970 && fullYear <= 9999 ? time : null;
}

/** RFC 5322 §4.3: two digits below 50 are this century, other short years count from 1900. */
function toFullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2 && year < 50) return 2000 + year;
  return digits.length < 4 ? 1900 + year : year;
}

function offsetMinutes(zone: string): number {
  // Some mailers write `+-0500`.
  const numeric = /^\s*(?:GMT|UTC?|Z)?\s*\+?([+-])(\d{1,2})(?::?(\d{2}))?/i.exec(zone);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    // No zone is a whole day away; the local time is the better half of such a field.
    if (minutes > 24 * 60) return 0;
    return numeric[1] === "-" ? -minutes : minutes;
  }
  const words = /^\s*([ECMP])[a-z]+ ([DS])[a-z]+ (T)ime/i.exec(zone);
  const name = words ? words.slice(1).join("") : /^\s*(?:[AP]M\s+)?\(?([A-Za-z]{3})\b/i.exec(zone)?.[1];
  return (ZONE_HOURS[name?.toUpperCase() ?? ""] ?? 0) * 60;
}
