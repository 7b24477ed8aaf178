/**
 * The transport over Cloudflare's `send_email` binding, for deployments without a smarthost. The binding takes one
 * recipient in the envelope of an EmailMessage, so a message is handed over once for each: no submission is too wide for
 * it, and each recipient has an id of its own, under which the platform's later events speak of it.
 */
import { EmailMessage } from "cloudflare:email";
import { isSafePath } from "./envelope-path.ts";
import { refusedBySendEmail } from "./send-email-rules.ts";
import { within } from "./time-limit.ts";
import { oneLine, type RecipientResult, type Transmission, type Transport, type Verdict } from "./transport.ts";

export interface SendEmailTimeouts {
  /** One call of the binding, in milliseconds. */
  call: number;
  /** All of a batch together: what is not begun by then waits. */
  all: number;
}

const DEFAULT_TIMEOUTS: SendEmailTimeouts = { call: 60_000, all: 10 * 60_000 };

export function sendEmailTransport(binding: SendEmail, timeouts: Partial<SendEmailTimeouts> = {}): Transport {
  const limits = { ...DEFAULT_TIMEOUTS, ...timeouts };
  const until = Date.now() + limits.all;
  /** A limit of the account is one for every recipient that is left: to ask again would only use up more of it. */
  let enough: Verdict | null = null;
  return {
    name: "send_email",
    signs: true,
    keepsReversePath: false,
    async send(transmission) {
      const refusal = refusalOf(transmission);
      if (refusal !== null) return transmission.rcpt_to.map((address) => ({ address, ...refusal }));
      const results: RecipientResult[] = [];
      for (const address of transmission.rcpt_to) {
        if (enough === null && Date.now() >= until) enough = verdict("deferred", "4.4.5", "no time left in this run");
        const own: Verdict = enough ?? (await handOver(binding, transmission, address, limits.call));
        if (own.result === "deferred" && /^E_(?:RATE|DAILY)_LIMIT/.test(own.reply)) enough = own;
        results.push({ address, ...own });
      }
      return results;
    },
  };
}

function refusalOf(transmission: Transmission): Verdict | null {
  const refused = refusedBySendEmail(transmission);
  if (refused !== null) return verdict("failed", refused.status, refused.words);
  if (isSafePath(transmission.mail_from)) return null;
  return verdict("failed", "5.1.7", "the sender's address is not one that SMTP can carry");
}

async function handOver(
  binding: SendEmail,
  { mail_from, raw, beforeEndOfData }: Transmission,
  address: string,
  milliseconds: number,
): Promise<Verdict> {
  if (!isSafePath(address)) return verdict("failed", "5.1.3", "not an address that SMTP can carry");
  try {
    await beforeEndOfData?.([address]);
  } catch (error) {
    return verdict("deferred", "4.3.0", `not handed over: ${error instanceof Error ? error.message : String(error)}`);
  }
  const late = new Error("send_email gave no answer");
  try {
    // A stream and not a string: the message may hold bytes that are no UTF-8.
    const message = new EmailMessage(mail_from, address, new Blob([raw]).stream());
    const { messageId } = await within(milliseconds, binding.send(message), () => late);
    // The platform may replace Message-ID: this is the id under which its events and logs speak of the message.
    return { ...verdict("sent", "2.0.0", `accepted as ${messageId}`), transport_id: messageId };
  } catch (error) {
    // Handed over, and no answer: it may be on its way.
    if (error === late) return verdict("uncertain", "4.4.2", late.message);
    return verdictOn(error);
  }
}

/** https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes */
function verdictOn(error: unknown): Verdict {
  const code = codeOf(error);
  const words = error instanceof Error ? error.message : String(error);
  const reply = code === "" || words.startsWith(code) ? words : `${code}: ${words}`;
  switch (code) {
    case "E_RATE_LIMIT_EXCEEDED":
    case "E_DAILY_LIMIT_EXCEEDED":
      return verdict("deferred", "4.4.5", reply);
    case "E_INTERNAL_SERVER_ERROR":
      return verdict("deferred", "4.3.0", reply);
    case "E_DELIVERY_FAILED":
      return verdict("deferred", "4.4.0", reply);
    // About the settings of the account, which somebody will mend: as with a relay's wrong password, nobody's mail
    // bounces for it.
    case "E_SENDER_NOT_VERIFIED":
    case "E_SENDER_DOMAIN_NOT_AVAILABLE":
      return verdict("deferred", "4.3.5", reply);
    case "E_RECIPIENT_SUPPRESSED":
    case "E_RECIPIENT_NOT_ALLOWED":
      return verdict("failed", "5.7.1", reply);
    case "E_TOO_MANY_RECIPIENTS":
      return verdict("failed", "5.5.3", reply);
    case "E_CONTENT_TOO_LARGE":
      return verdict("failed", "5.3.4", reply);
    case "E_VALIDATION_ERROR":
    case "E_FIELD_MISSING":
      return verdict("failed", "5.6.0", reply);
    default:
      // E_HEADER_NOT_ALLOWED, E_HEADERS_TOO_LARGE and their kin: the message stays as it is, and so does the answer.
      if (/^E_HEADERS?_/.test(code)) return verdict("failed", "5.6.0", reply);
      return verdict("deferred", "4.3.0", reply);
  }
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

function verdict(result: Verdict["result"], status: string, reply: string): Verdict {
  return { result, status, reply: oneLine(reply), remote_mta: null };
}
