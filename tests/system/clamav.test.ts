/** The service beside a real ClamAV: what it finds is refused while the sender listens, and what it cannot do is told. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Message, MessagePage } from "../../contract/messages.ts";
import { letterOf } from "../../mail/screening/attached.test-support.ts";
import { EICAR } from "../../mail/screening/file-bytes.ts";
import { zipOf } from "../../mail/screening/zip.test-support.ts";
import { admin } from "../support/admin-command.ts";
import { call, folderOf, logIn, type Service, startService } from "../support/service.ts";
import { connectSmtp } from "../support/smtp-client.ts";
import { type Clamd, SIGNATURE, startClamd } from "./clamd.ts";

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const file = (filename: string, content: Uint8Array, type = "application/octet-stream") => ({
  filename,
  content,
  type,
});

let clamd: Clamd;
let service: Service;
let token: string;

beforeAll(async () => {
  clamd = await startClamd("1M");
  service = await startService({ env: { CLAMD_ADDRESS: `127.0.0.1:${clamd.port}` } });
  ({ token } = await logIn(service, "alice@mesh.test"));
});
afterAll(async () => {
  await service?.stop();
  await clamd?.stop();
});

async function send(raw: Uint8Array): Promise<string> {
  const client = await connectSmtp(service.smtp);
  try {
    return await client.send("zoe@far.example", ["alice@mesh.test"], Buffer.from(raw));
  } catch (error) {
    return String(error);
  } finally {
    client.close();
  }
}

/** Wherever it was put: an infected or terse message may well be junk. */
async function newest(): Promise<Message> {
  const all = await folderOf(service, token, "all");
  const page = await call(service, "GET", `/v1/folders/${all.id}/messages`, { token });
  const [message] = page.json(MessagePage).messages;
  return (await call(service, "GET", `/v1/messages/${message?.id}`, { token })).json(Message);
}

const nested = zipOf([
  { name: "inner.zip", content: zipOf([{ name: "a.txt", content: latin1(EICAR), deflated: true }]) },
]);

it("finds nothing in an honest message, and says so", async () => {
  expect(await send(letterOf(file("a.txt", latin1("Minutes"), "text/plain")))).toMatch(/^250/);
  expect((await newest()).attachment_scan?.scanner).toEqual({ state: "clean", found: null });
});

it.each([
  ["in a zip in a zip", letterOf(file("outer.zip", nested))],
  ["in that, in an attached message", letterOf(file("fwd.eml", letterOf(file("outer.zip", nested)), "message/rfc822"))],
  // What our own screening does not unpack.
  ["in a gzip", letterOf(file("a.gz", gzipSync(latin1(EICAR))))],
])("finds EICAR %s, and its sender hears it", async (_where, raw) => {
  const before = await newest();
  expect(await send(raw)).toMatch(/550 5\.7\.1 An attachment is of a kind that this domain does not take/);
  expect((await newest()).id).toBe(before.id);
});

it("names what it found, and the file, where the domain takes it", async () => {
  await admin(service, "set-policy", "mesh.test", "--refuse-attachments", "none");
  const gzip = file("a.gz", gzipSync(latin1(EICAR)));
  expect(await send(letterOf(file("a.txt", latin1("Minutes"), "text/plain"), gzip))).toMatch(/^250/);
  const { attachment_scan, warnings } = await newest();
  expect(attachment_scan?.scanner).toEqual({ state: "infected", found: `${SIGNATURE}.UNOFFICIAL` });
  expect(attachment_scan?.files).toMatchObject([{ n: 1, dangers: [{ danger: "virus" }] }]);
  expect(warnings).toMatchObject([{ reason: "dangerous_attachment", subject: "a.gz" }]);
});

it("says that a message is too large for it, and the message is delivered", async () => {
  const large = Buffer.alloc(2_000_000, "All work and no play makes a long attachment.\n");
  expect(await send(letterOf(file("long.txt", large, "text/plain")))).toMatch(/^250/);
  expect((await newest()).attachment_scan?.scanner).toEqual({
    state: "failed",
    // Its own words, if they came through before the connection was gone.
    found: expect.stringMatching(/size limit exceeded|larger than its StreamMaxLength/),
  });
});
