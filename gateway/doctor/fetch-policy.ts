/** The MTA-STS policy as the world gets it, for the doctor. */
import type { FetchPolicy } from "../../mail/doctor/check-tls.ts";

const POLICY_TIMEOUT_MS = 10_000;
/** RFC 8461 §3.2 has a handful of lines in mind. */
const MAX_POLICY_CHARACTERS = 64_000;

/** RFC 8461 §3.3: over HTTPS with a valid certificate, and a redirect is none. */
export const fetchPolicy: FetchPolicy = async (url) => {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(POLICY_TIMEOUT_MS) });
    if (response.status !== 200) return { why: `it answers ${response.status}` };
    return { text: (await response.text()).slice(0, MAX_POLICY_CHARACTERS) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { why: cause instanceof Error ? cause.message : String(cause) };
  }
};
