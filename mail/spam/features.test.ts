import { describe, expect, it } from "vitest";
import { parseMessage } from "../parse/parse-message.ts";
import { type SpamSigns, spamSigns } from "./features.ts";

const MOST_FEATURES = 3500;

async function signsOf(raw: string | Uint8Array): Promise<SpamSigns> {
  const bytes = typeof raw === "string" ? new TextEncoder().encode(raw) : raw;
  return spamSigns(bytes, await parseMessage(bytes));
}
const nameList = ({ features }: SpamSigns) => features.names.split("\n");
const header =
  "From: Zoe <zoe@far.example>\r\nTo: a@mesh.test\r\nSubject: Buy it NOW\r\nMessage-ID: <1@far.example>\r\n";

describe("the features of a message", () => {
  it("have a name each but for the pairs, and every group has its end", async () => {
    const signs = await signsOf(`${header}\r\nClick here for a free offer at http://spam.example/a\r\n`);
    const { hashes, ends } = signs.features;
    expect(nameList(signs)).toHaveLength(ends.at(-2) ?? 0);
    expect(ends.at(-1)).toBe(hashes.length);
    expect(nameList(signs)).toEqual(
      expect.arrayContaining(["subject:NOW", "from at far.example", "free", "link spam.example"]),
    );
  });

  it("are the same whatever way a message took, and whomever it came to, but for its beginning", async () => {
    const body = "\r\nHello\r\n";
    const there = await signsOf(
      `Received: from a by b\r\nDelivered-To: x@y.example\r\nList-Id: <l.example>\r\n${header}${body}`,
    );
    const here = await signsOf(`${header.replace("a@mesh.test", "b@else.example")}${body}`);
    const withoutStrings = ({ features, tests }: SpamSigns) => ({ ...features, strings: null, tests });
    expect(withoutStrings(there)).toEqual(withoutStrings(here));
    expect(there.features.strings).not.toEqual(here.features.strings);
  });

  it("count what HTML shows where the plain text says something else", async () => {
    const html =
      "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\ngood morning\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>cheap <b>watches</b></p>\r\n--b--\r\n";
    expect(nameList(await signsOf(header + html))).toEqual(expect.arrayContaining(["morning", "watches", "<b"]));
  });

  it.each([
    ["one word of a million letters", `${header}\r\n${"a".repeat(1_000_000)}`],
    ["a million letters of Chinese", `${header}\r\n${"垃圾邮件".repeat(250_000)}`],
    ["a hundred thousand words", `${header}\r\n${Array.from({ length: 100_000 }, (_, n) => `w${n}`).join(" ")}`],
    [
      "a hundred thousand fields",
      `${Array.from({ length: 100_000 }, (_, n) => `X-${n}: a\r\n`).join("")}${header}\r\nx`,
    ],
    ["a subject of a megabyte", `${header}Subject: ${"! ".repeat(500_000)}\r\n\r\nx`],
    [
      "a hundred thousand tags",
      `${header}Content-Type: text/html\r\n\r\n${"<a href='http://a.example/?x'><b style=x>".repeat(100_000)}`,
    ],
    ["a tag that never ends", `${header}Content-Type: text/html\r\n\r\n<a href="${"x".repeat(1_000_000)}`],
    ["a hundred thousand links", `${header}\r\n${"http://1.2.3.4:5/a%20b?c ".repeat(100_000)}`],
    ["nothing", ""],
  ])("are bounded for %s", async (_what, raw) => {
    const { features, tests } = await signsOf(raw);
    expect(features.hashes.length).toBeLessThanOrEqual(MOST_FEATURES);
    expect(features.names.length).toBeLessThan(130_000);
    expect(tests.length).toBeLessThan(15);
  });

  it("are bounded for 25 MiB of bytes that mean nothing", async () => {
    const bytes = new Uint8Array(25 * 1024 * 1024).map((_, n) => (n * 2_654_435_761) >>> 24);
    expect((await signsOf(bytes)).features.hashes.length).toBeLessThanOrEqual(MOST_FEATURES);
  });
});

describe("what stands out", () => {
  it("is nothing in an ordinary letter", async () => {
    expect((await signsOf(`${header}\r\nSee you at http://far.example/ on Monday.\r\n`)).tests).toEqual([]);
  });

  it("has a name each", async () => {
    const body =
      '<form action="http://192.0.2.1/a"></form><script>1</script><p style="display:none">a</p><a href="http://bank.example@evil.example/">x</a>';
    const raw = `Subject: BUY IT NOW\r\nContent-Type: text/html\r\n\r\n${body}`;
    expect((await signsOf(raw)).tests.map(({ name }) => name)).toEqual([
      ...["no_from", "no_identity", "subject_capitals", "link_to_number", "link_hides_host"],
      ...["html_script", "html_form", "html_hidden_text"],
    ]);
  });
});
