/** Real mail: everything that can be taken out of 6,046 messages is, and each comes back as it was. */
import { expect, it } from "vitest";
import { corpus } from "../../tests/support/corpus.ts";
import { readAttachment } from "../parse/parse-message.ts";
import { joinWhole } from "./join-message.ts";
import { splitMessage } from "./split-message.ts";

it("join(split(m)) is m for the whole corpus, with CRLF and with LF", async () => {
  const found = { messages: 0, split: 0, parts: 0, base64: 0, asTheyStood: 0 };
  for (const { name, raw } of corpus()) {
    const withLf = Buffer.from(raw.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
    for (const bytes of [new Uint8Array(raw), new Uint8Array(withLf)]) {
      found.messages++;
      const split = await splitMessage(bytes, { min_content: 0, max_parts: 1000, max_skeleton: Infinity });
      if (split === null) continue;
      const { manifest, contents } = split;
      const joined = await joinWhole(split, ({ sha256 }) => [contents.get(sha256) ?? bytes]);
      if (Buffer.compare(joined, bytes) !== 0) expect.fail(name);
      found.split++;
      for (const { attachment, base64, sha256 } of manifest.parts) {
        found.parts++;
        found[base64 === null ? "asTheyStood" : "base64"]++;
        if (attachment === null) continue;
        const given = await readAttachment(bytes, attachment);
        if (Buffer.compare(given?.content ?? bytes, contents.get(sha256) ?? bytes) !== 0) expect.fail(name);
      }
    }
  }
  expect(found).toEqual({ messages: 2 * 6046, split: 300, parts: 382, base64: 112, asTheyStood: 270 });
});
