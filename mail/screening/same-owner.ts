/** One owner has both hosts as far as the last two labels say. `a.co.uk` and `b.co.uk` pass so: it errs on the mild side. */
export function isSameOwner(one: string, other: string): boolean {
  return owner(one) === owner(other);
}

const owner = (host: string): string =>
  /^[\d.]+$/.test(host) ? host : host.toLowerCase().split(".").slice(-2).join(".");
