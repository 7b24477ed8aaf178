/** From a real mail client to the mailbox: what arrives is what was sent, and it is there at once. */
import { randomBytes } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Message, MessagePage } from "../../contract/messages.ts";
import { SearchPage } from "../../contract/search.ts";
import { call, folderOf, logIn, type Service, startService } from "../support/service.ts";
import { swaks } from "./swaks.ts";

let service: Service;
let token: string;

beforeAll(async () => {
  service = await startService();
  ({ token } = await logIn(service, "alice@mesh.test"));
});
afterAll(() => service?.stop());

const get = (path: string) => call(service, "GET", `/v1${path}`, { token });
const inbox = async () =>
  (await get(`/folders/${(await folderOf(service, token, "inbox")).id}/messages`)).json(MessagePage).messages;
const search = async (words: string) => (await get(`/search?q=${encodeURIComponent(words)}`)).json(SearchPage).messages;

it("takes a message with an attachment, and shows and finds it within a second of the 250", async () => {
  const bytes = randomBytes(30_000);
  const file = join(await mkdtemp(join(tmpdir(), "mailmesh-")), "survey.bin");
  await writeFile(file, bytes);
  const body = "The gauge at Kestrelford read 4.2 metres at noon.";
  const sending = await swaks(
    service.smtp,
    ...["--to", "alice@mesh.test", "--from", "ines@river.example"],
    ...["--header", "Subject: Water level, 3 March", "--body", body],
    ...["--attach-type", "application/octet-stream", "--attach-name", "survey.bin", "--attach", `@${file}`],
  );
  expect(sending.transcript).toMatch(/^<- {2}250 2\.\d/m);
  expect(sending.code).toBe(0);

  // Asked once each: what is acknowledged is there.
  const [message] = await inbox();
  const found = await search("kestrelford");
  const seconds = (Date.now() - sending.at) / 1000;
  expect(message).toMatchObject({
    from: { email: "ines@river.example" },
    to: [{ email: "alice@mesh.test" }],
    subject: "Water level, 3 March",
    is_read: false,
    has_attachment: true,
  });
  expect(found.map(({ id }) => id)).toEqual([message?.id]);
  expect(seconds).toBeLessThan(1);

  const opened = (await get(`/messages/${message?.id}`)).json(Message);
  expect(opened.body.trimEnd()).toBe(body);
  expect(opened.return_path).toBe("ines@river.example");
  expect(opened.attachments).toMatchObject([{ filename: "survey.bin", size: bytes.length }]);
  const attachment = await get(`/messages/${opened.id}/attachments/${opened.attachments[0]?.n}`);
  expect(attachment.bytes.equals(bytes)).toBe(true);
});

it("takes mail under TLS with the certificate that it made", async () => {
  const sending = await swaks(
    service.smtp,
    ...["--tls", "--to", "alice@mesh.test", "--from", "ines@river.example"],
    ...["--header", "Subject: Under seal", "--body", "Nobody reads along."],
  );
  expect(sending.transcript).toMatch(/^=== TLS started with cipher TLSv1\.3/m);
  expect(sending.transcript).toMatch(/^<~ {2}250 2\.\d/m);
  expect(sending.code).toBe(0);
  expect((await inbox()).map(({ subject }) => subject)).toContain("Under seal");
});

it("refuses a recipient who is not here while the sender is listening", async () => {
  const before = await inbox();
  const sending = await swaks(service.smtp, "--to", "nobody@mesh.test", "--from", "ines@river.example");
  expect(sending.transcript).toMatch(/^<\*\* 550 5\.1\.1 /m);
  expect(sending.code).not.toBe(0);
  expect(await inbox()).toEqual(before);
});
