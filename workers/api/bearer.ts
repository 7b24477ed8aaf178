/** Bearer tokens (RFC 6750), and secrets of the deployment. */

export function bearerToken(request: Request): string | null {
  return /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Compares digests, so that the time it takes tells nothing. A secret that was never set lets nobody in. */
export async function isSecret(given: string | null, secret: string | undefined): Promise<boolean> {
  if (given === null || secret === undefined || secret === "") return false;
  const [a, b] = await Promise.all([digest(given), digest(secret)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

const digest = (text: string): Promise<ArrayBuffer> => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
