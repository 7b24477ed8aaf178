import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { expect, it, onTestFinished } from "vitest";
import { SmtpDialogue, stuffed } from "../testing/smtp-dialogue.ts";
import { temporaryState } from "../testing/temporary-state.ts";
import { OutgoingSink } from "./sink.ts";

async function aSink(prepare: (folder: string) => Promise<void> = async () => undefined) {
  const { sink: folder } = await temporaryState();
  await prepare(folder);
  const reports: string[] = [];
  const sink = new OutgoingSink({ folder, hostname: "mesh.test", report: (line) => reports.push(line) });
  const port = await sink.start(0);
  onTestFinished(() => sink.stop(10));
  return { folder, port, reports };
}

const namesIn = async (folder: string) => (await readdir(folder)).sort();

it("keeps the exact bytes and the envelope", async () => {
  const { folder, port } = await aSink();
  const client = await SmtpDialogue.open(port);
  await client.say("EHLO mesh.test");
  await client.say("MAIL FROM:<> BODY=8BITMIME");
  await client.say("RCPT TO:<ann@xn--bcher-kva.test>");
  await client.say('RCPT TO:<"b c"@elsewhere.test>');
  await client.say("DATA");
  const bytes = Buffer.concat([Buffer.from("Subject: x\r\n\r\n"), randomBytes(100_000), Buffer.from("\0\r\n")]);
  client.write(Buffer.concat([stuffed(bytes), Buffer.from(".\r\n")]));
  const reply = await client.reply();
  client.end();
  const [eml = "", json = ""] = await namesIn(folder);
  expect(reply).toBe(`250 2.0.0 Kept as ${eml}`);
  expect((await readFile(join(folder, eml))).equals(bytes)).toBe(true);
  expect(json).toBe(eml.replace("eml", "json"));
  expect(JSON.parse(await readFile(join(folder, json), "utf8"))).toEqual({
    mail_from: "",
    rcpt_to: ["ann@xn--bcher-kva.test", '"b c"@elsewhere.test'],
    received_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
});

it("takes mail with a login and without", async () => {
  const { folder, port } = await aSink();
  const message = { from: "a@mesh.test", to: "b@elsewhere.test", text: "hi" };
  for (const auth of [undefined, { user: "anyone", pass: "anything" }]) {
    const transport = createTransport({ host: "127.0.0.1", port, ...(auth === undefined ? {} : { auth }) });
    await transport.sendMail(message);
    transport.close();
  }
  expect((await namesIn(folder)).filter((name) => name.endsWith(".eml"))).toHaveLength(2);
});

it("names sort in the order of arrival", async () => {
  const { folder, port } = await aSink();
  const client = await SmtpDialogue.open(port);
  for (let n = 0; n < 30; n++) {
    await client.data("a@mesh.test", "b@elsewhere.test");
    client.write(`${n}\r\n.\r\n`);
    await client.reply();
  }
  client.end();
  const names = (await namesIn(folder)).filter((name) => name.endsWith(".eml"));
  const bodies = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  expect(bodies).toEqual(Array.from({ length: 30 }, (_, n) => `${n}\r\n`));
});

it("a client that leaves in the middle leaves nothing behind", async () => {
  const { folder, port } = await aSink();
  const client = await SmtpDialogue.open(port);
  await client.data("a@mesh.test", "b@elsewhere.test");
  client.write("half");
  await client.staysSilent(50);
  client.end();
  await client.staysSilent(200);
  expect(await namesIn(folder)).toEqual([]);
});

it("clears away at start what a killed process left half done, and nothing else", async () => {
  const { folder } = await aSink(async (path) => {
    await mkdir(path, { recursive: true });
    for (const name of [".a.eml.part", "b.json", "c.json", "c.eml"]) await writeFile(join(path, name), "");
  });
  expect(await namesIn(folder)).toEqual(["c.eml", "c.json"]);
});
