/**
 * The one place that meets mimetext. It lays a message out (which multipart around which part, delimiters, header
 * blocks) from values that the other modules here have encoded and folded; it is asked to encode nothing. Three things
 * that it does stand in the way, and are put right around it:
 *
 * - It tells attachments from inline parts by looking for those words anywhere in Content-Disposition, so that
 *   `inline.pdf` is put in twice. Our parts answer for themselves.
 * - It holds bodies as strings and adds a line end to each. It is given a placeholder for every body, and the octets
 *   take its place: an attached message keeps its last line as it was, and 25 MB are copied once.
 * - It writes `Content-Type: multipart/…; boundary=…` with no other parameter, and knows no multipart/report.
 */
import { createMimeMessage, MIMEMessageContent } from "mimetext/browser";
import type { EncodedBody } from "./body-encoding.ts";
import { chooseBoundaries } from "./boundary.ts";
import { concatBytes, endsWithCrlf, utf8 } from "./bytes.ts";

export type Field = readonly [name: string, value: string];

export interface Part {
  /** Formatted values, without Content-Transfer-Encoding, which follows from the body. */
  headers: Record<string, string>;
  body: EncodedBody;
}

export function textPart(type: string, body: EncodedBody): Part {
  return { headers: { "Content-Type": `${type}; charset=utf-8` }, body };
}

export interface Layout {
  /** The header of the message, in order, without Content-Type. */
  fields: readonly Field[];
  /** At least one of text and html is there. Both make a multipart/alternative. */
  text: Part | null;
  html: Part | null;
  /** Parts that the HTML shows by `cid:`, in a multipart/related with it. */
  related: readonly Part[];
  /** Parts after the text, in a multipart/mixed, or in a multipart/report. */
  attached: readonly Part[];
  container: "mixed" | "report";
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
}

export function assemble(layout: Layout): Uint8Array {
  const placed: { place: Place; part: Part }[] = [
    ...[layout.text, layout.html].filter((part) => part !== null).map((part) => ({ place: "text" as const, part })),
    ...layout.related.map((part) => ({ place: "related" as const, part })),
    ...layout.attached.map((part) => ({ place: "attached" as const, part })),
  ];
  const bodies = placed.map(({ part }) => part.body.bytes);

  const message = createMimeMessage();
  // Its own fields encode what they get again, and make up a weak Message-ID and a Date: ours take their place.
  message.headers.fields = layout.fields.map(([name, value]) => ({ name, value }));
  message.boundaries = { ...chooseBoundaries(layout.boundary_seed, bodies) };
  message.messages = placed.map(({ place, part }, index) => new PlacedPart(message.envctx, place, part, index));
  return fill(completeMultiparts(message.asRaw(), layout), bodies);
}

/** RFC 2387 §3.1: `type` is the root's. RFC 6522 §3: `report-type` is the second part's subtype. */
function completeMultiparts(skeleton: string, layout: Layout): string {
  const root = layout.text === null ? "text/html" : "multipart/alternative";
  return skeleton.replace(MULTIPART, (_line, kind: string, boundary: string) => {
    const end = `\r\n boundary="${boundary}"`;
    if (kind === "related") return `Content-Type: multipart/related; type="${root}";${end}`;
    if (kind === "mixed" && layout.container === "report") {
      return `Content-Type: multipart/report; report-type=delivery-status;${end}`;
    }
    return `Content-Type: multipart/${kind};${end}`;
  });
}

/** mimetext ends a part with an empty line, of which one line end belongs to the delimiter: the other goes. */
function fill(skeleton: string, bodies: readonly Uint8Array[]): Uint8Array {
  const chunks = skeleton
    .split(PLACEHOLDER)
    .map((piece, index) => (index % 2 === 0 ? utf8(piece) : (bodies[Number(piece)] ?? new Uint8Array())));
  const last = chunks.findLast((chunk) => chunk.length > 0) ?? new Uint8Array();
  return concatBytes(endsWithCrlf(last) ? chunks : [...chunks, utf8("\r\n")]);
}
