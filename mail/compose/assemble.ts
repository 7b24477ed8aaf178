/**
 * The one place that meets mimetext. It lays a message out (which multipart around which part, delimiters, header
 * blocks) from values that the other modules here have encoded and folded; it is asked to encode nothing. Some things
 * that it does stand in the way, and are put right around it:
 *
 * - It tells attachments from inline parts by looking for those words anywhere in Content-Disposition, so that
 *   `inline.pdf` is put in twice. Our parts answer for themselves.
 * - It holds bodies as strings and adds a line end to each. It is given a placeholder for every body, and the octets
 *   take its place: an attached message keeps its last line as it was, and 25 MB are copied once.
 * - It writes `Content-Type: multipart/…; boundary=…` with no other parameter, and knows no multipart/report.
 * - It knows two forms of a text. Where there are more, the multipart/alternative is written here, and it is given that
 *   as the text.
 */
import { createMimeMessage, MIMEMessageContent } from "mimetext/browser";
import { type PartBody, piecesOf } from "./body-encoding.ts";
import { chooseBoundaries } from "./boundary.ts";
import { concatBytes, endsWithCrlf, utf8 } from "./bytes.ts";
import { isOctets, isStored, type Piece } from "./pieces.ts";

export type Field = readonly [name: string, value: string];

export interface Part {
  /** Formatted values, without Content-Transfer-Encoding, which follows from the body. */
  headers: Record<string, string>;
  body: PartBody;
}

export function textPart(type: string, body: PartBody): Part {
  return { headers: { "Content-Type": `${type}; charset=utf-8` }, body };
}

export interface Layout {
  /** The header of the message, in order, without Content-Type. */
  fields: readonly Field[];
  /** At least one of text and html is there. Both make a multipart/alternative. */
  text: Part | null;
  html: Part | null;
  /** More forms of the same text, the last one being the richest (RFC 2046 §5.1.4). */
  alternatives?: readonly Part[];
  /** Parts that the HTML shows by `cid:`, in a multipart/related with it. */
  related: readonly Part[];
  /** Parts after the text, in a multipart/mixed, or in a multipart/report. */
  attached: readonly Part[];
  container: "mixed" | "report";
  /** Of a report: what its second part is (RFC 6522 §3). */
  report_type?: "delivery-status" | "disposition-notification";
  boundary_seed: string;
}

/** Where a body goes. No field value holds a NUL, so that none can be taken for a placeholder. */
const PLACEHOLDER = /\0(\d+)\0(?:\r\n(?=\r\n))?/;

const MULTIPART = /^Content-Type: multipart\/(mixed|related|alternative); boundary=(\S+)$/gm;

type Place = "text" | "related" | "attached";

class PlacedPart extends MIMEMessageContent {
  readonly #place: Place;

  constructor(envctx: MIMEMessageContent["envctx"], place: Place, part: Part, index: number) {
    super(envctx, `\0${index}\0`, { ...part.headers, "Content-Transfer-Encoding": part.body.encoding });
    this.#place = place;
  }

  override isAttachment(): boolean {
    return this.#place === "attached";
  }

  override isInlineAttachment(): boolean {
    return this.#place === "related";
  }

  /** It looks for the text by its type. A multipart/alternative of ours is what stands for it. */
  override getHeader(name: string) {
    const value = super.getHeader(name);
    return typeof value === "string" && value.startsWith("multipart/alternative") ? "text/html" : value;
  }
}

/** A message of octets alone. */
export function assemble(layout: Layout): Uint8Array {
  return concatBytes(
    assemblePieces(layout).map((piece) => {
      if (isStored(piece)) throw new TypeError("a stored file where octets are wanted");
      return piece;
    }),
  );
}

export function assemblePieces(given: Layout): Piece[] {
  const all = [given.text, given.html, ...(given.alternatives ?? []), ...given.related, ...given.attached];
  // What is stored was there before the seed was drawn, and cannot hold it.
  const pieces = all.flatMap((part) => (part === null ? [] : piecesOf(part.body)));
  const boundaries = chooseBoundaries(given.boundary_seed, pieces.filter(isOctets));
  const layout = withAlternatives(given, boundaries.alt);
  const placed: { place: Place; part: Part }[] = [
    ...[layout.text, layout.html].filter((part) => part !== null).map((part) => ({ place: "text" as const, part })),
    ...layout.related.map((part) => ({ place: "related" as const, part })),
    ...layout.attached.map((part) => ({ place: "attached" as const, part })),
  ];

  const message = createMimeMessage();
  // Its own fields encode what they get again, and make up a weak Message-ID and a Date: ours take their place.
  message.headers.fields = layout.fields.map(([name, value]) => ({ name, value }));
  message.boundaries = { ...boundaries };
  message.messages = placed.map(({ place, part }, index) => new PlacedPart(message.envctx, place, part, index));
  return fill(
    completeMultiparts(message.asRaw(), layout),
    placed.map(({ part }) => piecesOf(part.body)),
  );
}

/** Where a text has more than two forms, or two of which one is neither text nor HTML, they become one part. */
function withAlternatives(layout: Layout, boundary: string): Layout {
  const { text, html, alternatives = [] } = layout;
  if (alternatives.length === 0) return layout;
  const forms = [text, html, ...alternatives].filter((part) => part !== null);
  const pieces = forms.flatMap(({ headers, body }) => {
    const fields = Object.entries({ ...headers, "Content-Transfer-Encoding": body.encoding });
    const header = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    return [utf8(`--${boundary}\r\n${header}\r\n`), ...piecesOf(body), utf8("\r\n")];
  });
  const headers = { "Content-Type": `multipart/alternative;\r\n boundary="${boundary}"` };
  const body = { encoding: "7bit" as const, pieces: [...pieces, utf8(`--${boundary}--`)] };
  return { ...layout, text: null, html: { headers, body } };
}

/**
 * RFC 2387 §3.1: `type` is the root's. RFC 6522 §3: `report-type` is the second part's subtype. RFC 2045 §6.4: what
 * holds an 8-bit part is 8-bit itself, and says so.
 */
function completeMultiparts(skeleton: string, layout: Layout): string {
  const isOneForm = layout.text === null && !layout.alternatives?.length;
  const root = isOneForm ? "text/html" : "multipart/alternative";
  const isEightBit = layout.attached.some(({ body }) => body.encoding === "8bit");
  return skeleton.replace(MULTIPART, (_line, kind: string, boundary: string) => {
    const end = `\r\n boundary="${boundary}"`;
    if (kind === "related") return `Content-Type: multipart/related; type="${root}";${end}`;
    if (kind === "alternative") return `Content-Type: multipart/alternative;${end}`;
    const { report_type = "delivery-status" } = layout;
    const type = layout.container === "report" ? `report; report-type=${report_type}` : "mixed";
    return `Content-Type: multipart/${type};${end}${isEightBit ? "\r\nContent-Transfer-Encoding: 8bit" : ""}`;
  });
}

/** mimetext ends a part with an empty line, of which one line end belongs to the delimiter: the other goes. */
function fill(skeleton: string, bodies: readonly (readonly Piece[])[]): Piece[] {
  const pieces = skeleton
    .split(PLACEHOLDER)
    .flatMap((text, index) => (index % 2 === 0 ? [utf8(text)] : (bodies[Number(text)] ?? [])));
  const last = pieces.findLast((piece) => isStored(piece) || piece.length > 0);
  const isEnded = last !== undefined && !isStored(last) && endsWithCrlf(last);
  return isEnded ? pieces : [...pieces, utf8("\r\n")];
}
