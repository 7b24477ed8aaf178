/** What a browser is made to ask for by a page that is not ours. Asked wherever a cookie says who is calling. */

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A browser sends the cookie with whatever a foreign page makes it ask for; SameSite keeps most of that away, and this
 * the rest, WebSockets among them, which no same-origin policy covers (RFC 6455 §10.2).
 */
export function isSameOrigin(request: Request): boolean {
  const isUpgrade = request.headers.get("upgrade")?.toLowerCase() === "websocket";
  if (SAFE_METHODS.has(request.method) && !isUpgrade) return true;
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  const [theirs, ours] = [new URL(origin), new URL(request.url)];
  // A page that came without TLS may be anybody's on the way here. The other way round it was taken off in front of us.
  return theirs.host === ours.host && (theirs.protocol === "https:" || ours.protocol === "http:");
}
