/**
 * SMTP replies (RFC 5321 §4.2) from bytes. What the peer says is hostile input: every length is bounded, and what is
 * not a reply is reported as such instead of being waited out.
 */
import { oneLine } from "./transport.ts";

export interface Reply {
  code: number;
  /** The enhanced status code that the server gave (RFC 2034), or the one that its basic code comes nearest to. */
  status: string;
  /** What follows the code, a string a line. */
  lines: string[];
}

export type NextReply =
  | { kind: "reply"; reply: Reply }
  /** The bytes so far are the beginning of a reply, or there are none. */
  | { kind: "incomplete" }
  | { kind: "garbage"; seen: string };

/** RFC 5321 §4.5.3.1.5 allows 512 octets a line. Servers that write more are believed up to here. */
const MAX_LINE_OCTETS = 4096;
/** More lines than any EHLO answer or pasted policy has. */
const MAX_LINES = 128;
const LF = 0x0a;

/** Collects bytes and gives out replies. Lines may end in a bare LF: what is not a message cannot be smuggled. */
export class ReplyReader {
  #bytes = new Uint8Array(0);
  #lines: string[] = [];
  #code = "";

  push(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    this.#bytes = joined;
  }

  /** The peer has said something that was not given out yet. */
  get hasUnread(): boolean {
    return this.#bytes.length > 0 || this.#lines.length > 0;
  }

  /** After garbage the conversation is out of step, and asking again makes no sense. */
  next(): NextReply {
    for (;;) {
      const end = this.#bytes.indexOf(LF);
      if (end < 0) {
        return this.#bytes.length > MAX_LINE_OCTETS ? this.#garbage(this.#bytes) : { kind: "incomplete" };
      }
      const line = this.#bytes.subarray(0, end);
      this.#bytes = this.#bytes.subarray(end + 1);
      if (line.length > MAX_LINE_OCTETS) return this.#garbage(line);
      // RFC 6531 §3.7.4 lets replies be UTF-8 once SMTPUTF8 is in use. Other bytes become U+FFFD.
      const text = new TextDecoder().decode(line).replace(/\r$/, "");
      const parsed = /^([2-5]\d\d)(?:([ -])(.*))?$/su.exec(text);
      // RFC 5321 §4.2.1: every line of a reply has the same code.
      if (parsed === null || (this.#lines.length > 0 && parsed[1] !== this.#code)) return this.#garbage(line);
      this.#code = parsed[1] ?? "";
      this.#lines.push(parsed[3] ?? "");
      if (parsed[2] !== "-") return { kind: "reply", reply: this.#take() };
      if (this.#lines.length >= MAX_LINES) return this.#garbage(line);
    }
  }

  #take(): Reply {
    const code = Number(this.#code);
    const lines = this.#lines;
    this.#lines = [];
    return { code, status: enhancedStatus(code, lines) ?? usualStatus(code), lines };
  }

  #garbage(seen: Uint8Array): NextReply {
    return { kind: "garbage", seen: oneLine(new TextDecoder().decode(seen.subarray(0, 200))) };
  }
}

const ENHANCED = /^([245])\.(\d{1,3})\.(\d{1,3})(?=\s|$)/;

/** RFC 2034 §4: at the beginning of each line's text, of the same class as the basic code. */
function enhancedStatus(code: number, lines: string[]): string | null {
  for (const line of lines) {
    const found = ENHANCED.exec(line);
    if (found !== null && found[1] === String(code)[0]) return found[0];
  }
  return null;
}

/** RFC 3463 §3.6 and the codes that RFC 5321 §4.2.3 defines, for servers that give no enhanced ones. */
function usualStatus(code: number): string {
  switch (code) {
    case 421:
      return "4.3.2";
    case 450:
      return "4.2.0";
    case 452:
      return "4.3.1";
    case 500:
    case 501:
    case 504:
      return "5.5.4";
    case 502:
    case 503:
      return "5.5.1";
    case 530:
      return "5.7.0";
    case 535:
      return "5.7.8";
    case 552:
      return "5.3.4";
    default:
      return `${Math.floor(code / 100)}.0.0`;
  }
}

/** The reply in one line, as it may be shown and stored: `550 5.1.1 No such user here. See https://…` */
export function wordsOf(reply: Reply): string {
  const [first = "", ...rest] = reply.lines;
  return oneLine([reply.code, first, ...rest.map((line) => line.replace(ENHANCED, ""))].join(" "));
}
