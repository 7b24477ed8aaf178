/** A message composed with stored files in it is, once joined, the very message that is composed of their bytes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../fingerprint.ts";
import { parseMessage } from "../parse/parse-message.ts";
import { joinWhole } from "../split/join-message.ts";
import { parseSkeleton } from "../split/skeleton-contents.ts";
import { splitPieces } from "../split/split-pieces.ts";
import { composeMessage, composePieces, type OutgoingAttachment, type StoredFile } from "./compose-message.ts";
import { contentForm } from "./content-form.ts";
import { isStored } from "./pieces.ts";
import { anOutgoing, expectSound } from "./read-back.test-support.ts";

async function storedFile(given: Uint8Array): Promise<StoredFile> {
  const content = new Uint8Array(given);
  return { sha256: await sha256Hex(content), size: content.byteLength, content, form: contentForm(content) };
}

const TYPES = [
  ...["application/pdf", "text/plain", "text/calendar; method=REQUEST", "image/png", "message/rfc822"],
  ...["multipart/mixed", "text/html; charset=iso-8859-1", "nothing", "audio/ogg"],
];

const anAttachment = fc.record({
  filename: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  content_type: fc.constantFrom(...TYPES),
  disposition: fc.constantFrom("attachment" as const, "inline" as const, "alternative" as const),
  content: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 400 }),
    fc
      .constantFrom("Subject: inside\r\n\r\n--cut\r\nGrüße\r\n", "a", "\r\n", "one\ntwo")
      .map((text) => new TextEncoder().encode(text)),
  ),
  isStored: fc.boolean(),
  content_id: fc.constantFrom("a@b", "c@d"),
});

describe("a message with stored files", () => {
  it("is joined to the message that is composed of their bytes, and its skeleton says all of its attachments", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anAttachment, { maxLength: 6 }), fc.boolean(), async (given, isHtml) => {
        const files = given.map(({ isStored: _isStored, ...file }) => ({
          ...file,
          content: new Uint8Array(file.content),
        }));
        const html = isHtml ? { body_html: "<p>Hello <img src='cid:a@b'></p>" } : {};
        const whole = composeMessage(anOutgoing({ attachments: files, ...html }));
        const named = await Promise.all(
          files.map(async (file, n): Promise<OutgoingAttachment> => {
            return given[n]?.isStored ? { ...file, content: await storedFile(file.content) } : file;
          }),
        );
        const pieces = composePieces(anOutgoing({ attachments: named, ...html }));
        if (!pieces.some(isStored)) return;
        const split = splitPieces(pieces);
        const joined = await joinWhole(split, ({ sha256 }) => [split.contents.get(sha256) ?? new Uint8Array()]);
        expect(Buffer.compare(joined, whole)).toBe(0);
        expect(split.manifest.size).toBe(whole.length);
        expect(await parseSkeleton(split)).toEqual(await parseMessage(whole));
      }),
      { numRuns: 400 },
    );
  });

  it("says that it is 8-bit where an attached message is (RFC 2045 §6.4)", async () => {
    const content = new TextEncoder().encode("Subject: Größe\r\n\r\nGrüße\r\n");
    const file = { filename: "m.eml", content_type: "message/rfc822", disposition: "attachment" as const };
    for (const one of [content, await storedFile(content)]) {
      const pieces = composePieces(anOutgoing({ attachments: [{ ...file, content: one }] }));
      const header = new TextDecoder().decode(pieces[0] as Uint8Array);
      expect(header).toMatch(/Content-Type: multipart\/mixed;\r\n boundary="[^"]+"\r\nContent-Transfer-Encoding: 8bit/);
    }
    const raw = composeMessage(anOutgoing({ attachments: [{ ...file, content }] }));
    expectSound(raw, { asItIs: true });
    expect(new TextDecoder().decode(raw)).toMatch(/Transfer-Encoding: 8bit\r\nContent-Disp.*\r\n\r\nSubject: Größe/);
    const plain = composeMessage(
      anOutgoing({ attachments: [{ ...file, content: new TextEncoder().encode("A: b\r\n\r\nc\r\n") }] }),
    );
    expect(new TextDecoder().decode(plain)).not.toContain("8bit");
  });
});
