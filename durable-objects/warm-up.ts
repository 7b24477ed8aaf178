/**
 * How many recipients a day a new account and a new domain may write to. Receivers know neither yet, and a stranger
 * that begins with thousands is taken for a spammer, as is an account whose password was stolen on its first day.
 *
 * Of a full limit of 500 an account has, day by day:
 *
 *     50 59 70 82 97 114 135 159 187 220 260 306 360 425, and then 500
 *
 * a tenth on its first day, and each day a sixth more: in two weeks the whole. All accounts of a domain together begin
 * with one full limit and have half as much again each day (500, 750, 1125 … 97,000); after two weeks what its accounts
 * may is the limit. Google asks senders to "increase the sending volume slowly" and names no number; mail services begin
 * a domain with some hundreds and double it every two or three days, which is what half as much each day comes to.
 */
const WARM_UP_DAYS = 14;
const FIRST_DAY = 0.1;
const DOMAIN_GROWTH = 1.5;
const DAY_MS = 24 * 3_600_000;

/** What an account of this age may, out of a full limit. Days count from its making, not from midnight. */
export function accountAllowance(full: number, age_ms: number): number {
  const day = Math.floor(Math.max(age_ms, 0) / DAY_MS);
  return day >= WARM_UP_DAYS ? full : Math.round(full * FIRST_DAY ** (1 - day / WARM_UP_DAYS));
}

/** What all accounts of a domain of this age may together; null once they have only their own limits. */
export function domainAllowance(full: number, age_ms: number): number | null {
  const day = Math.floor(Math.max(age_ms, 0) / DAY_MS);
  return day >= WARM_UP_DAYS ? null : Math.round(full * DOMAIN_GROWTH ** day);
}

const DEFAULT_LIMIT = 500;

/** The deployment's full limit of an account: SEND_LIMIT_PER_DAY, of which 0 means none. */
export function fullLimit(setting: string | undefined): number | null {
  const wanted = setting === undefined || setting === "" ? DEFAULT_LIMIT : Number(setting);
  if (!Number.isSafeInteger(wanted) || wanted < 0) return DEFAULT_LIMIT;
  return wanted === 0 ? null : wanted;
}

/** "2026-11-25": days begin at midnight UTC. */
export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

export const nextDay = (now: number): number => (Math.floor(now / DAY_MS) + 1) * DAY_MS;

export const secondsToNextDay = (now: number): number => Math.ceil((nextDay(now) - now) / 1000);
