/**
 * `RECEIVE_LIMITS`: how fast mail from outside may come in. `off`, or numbers that take the place of the defaults, as
 * `mailbox_per_minute=60,mailbox_burst=200`. The gateway and each Mailbox read the same setting.
 */
import { z } from "zod";

const number = z.coerce.number().int().min(1).max(1_000_000_000);

/**
 * `…_per_minute` is what is taken for long, `…_burst` what is taken at once after a quiet time. A source is an IPv4
 * address or an IPv6 /64, which is what one customer gets.
 */
const ReceiveLimits = z.strictObject({
  connections_per_source: number.default(50),
  source_per_minute: number.default(300),
  source_burst: number.default(1000),
  domain_per_minute: number.default(600),
  domain_burst: number.default(2000),
  mailbox_per_minute: number.default(600),
  mailbox_burst: number.default(1000),
});
export type ReceiveLimits = z.infer<typeof ReceiveLimits>;

/** Null where there are none. Throws a ZodError for what says neither `off` nor numbers with names that are known. */
export function parseReceiveLimits(setting: string | undefined): ReceiveLimits | null {
  if (setting === "off") return null;
  const pairs = (setting ?? "").split(",").filter((pair) => pair.trim() !== "");
  const named = pairs.map((pair): [name: string, value: string] => {
    const [name = "", ...value] = pair.split("=");
    return [name.trim(), value.join("=").trim()];
  });
  return ReceiveLimits.parse(Object.fromEntries(named));
}
