/** Floods, as whoever floods meets them: 4xx, in the right place, and the mesh is not asked. */
import { describe, expect, it, vi } from "vitest";
import { refused } from "../testing/fake-mesh.ts";
import { useListener } from "../testing/listener-fixture.ts";
import type { SmtpDialogue } from "../testing/smtp-dialogue.ts";

/** What a transaction was answered, up to its first refusal: `250`, `MAIL 450 4.7.0`, `RCPT 450 4.2.1`. */
async function transact(client: SmtpDialogue, from: string, ...to: string[]): Promise<string> {
  const codes = (reply: string) => reply.split(" ").slice(0, 2).join(" ");
  const mail = await client.say(`MAIL FROM:<${from}>`);
  if (!mail.startsWith("250")) return `MAIL ${codes(mail)}`;
  const answers: string[] = [];
  for (const recipient of to) answers.push(await client.say(`RCPT TO:<${recipient}>`));
  const refusal = answers.find((reply) => !reply.startsWith("250"));
  if (answers.every((reply) => !reply.startsWith("250"))) {
    await client.say("RSET");
    return `RCPT ${codes(refusal ?? "")}`;
  }
  await client.say("DATA");
  client.write("Subject: x\r\n\r\nx\r\n.\r\n");
  const end = await client.reply();
  return end.startsWith("250") ? "250" : `DATA ${codes(end)}`;
}

async function greeted(open: () => Promise<SmtpDialogue>): Promise<SmtpDialogue> {
  const client = await open();
  await client.say("EHLO client.test");
  return client;
}

describe("a source", () => {
  const gateway = useListener({ limits: "source_per_minute=1,source_burst=3,connections_per_source=2" });

  it("that sends too much is put off at MAIL, over all its connections, and the mesh is not asked", async () => {
    const [one, other] = [await greeted(gateway.dialogue), await greeted(gateway.dialogue)];
    expect(await transact(one, "a@b.test", "bob@mesh.test")).toBe("250");
    expect(await transact(other, "a@c.test", "bob@mesh.test")).toBe("250");
    expect(await transact(one, "a@d.test", "ann@mesh.test")).toBe("250");
    const asked = gateway.mesh.calls.length;
    expect(await transact(other, "a@e.test", "ann@mesh.test")).toBe("MAIL 450 4.7.0");
    expect(await transact(one, "", "ann@mesh.test")).toBe("MAIL 450 4.7.0");
    expect(gateway.mesh.calls).toHaveLength(asked);
  });

  it("that tries out names pays for each as for a message", async () => {
    gateway.mesh.decide = (_call, to) => refused(to);
    const client = await greeted(gateway.dialogue);
    expect(await transact(client, "a@b.test", "x@mesh.test", "y@mesh.test")).toBe("RCPT 550 5.1.1");
    expect(await transact(client, "a@b.test", "bob@mesh.test")).toBe("MAIL 450 4.7.0");
  });

  it.each([
    ["tries out names", (n: number) => `x${n}@mesh.test`, "550 5.1.1"],
    ["names one recipient again and again", (n: number) => `bob+${n}@mesh.test`, "250 2.1.5"],
  ])("that %s in one transaction is put off there, and the mesh is not asked", async (_what, name, first) => {
    gateway.mesh.decide = (_call, to) => (to.startsWith("x") ? refused(to) : { address: to, outcome: "accepted" });
    const client = await greeted(gateway.dialogue);
    await client.say("MAIL FROM:<a@b.test>");
    const answers: string[] = [];
    for (let n = 0; n < 6; n++) answers.push((await client.say(`RCPT TO:<${name(n)}>`)).slice(0, 9));
    const taken = answers.lastIndexOf(first) + 1;
    expect(taken).toBeGreaterThan(1);
    expect(taken).toBeLessThan(5);
    expect(answers).toEqual([...Array(taken).fill(first), ...Array(6 - taken).fill("450 4.7.0")]);
    expect(gateway.mesh.calls).toHaveLength(taken);
  });

  it("that opens too many connections is answered 421, and may come again when one has ended", async () => {
    const [one] = [await greeted(gateway.dialogue), await greeted(gateway.dialogue)];
    const third = await gateway.greeting();
    expect(third).toBe("421 4.7.0 Too many connections from you");
    await one.say("QUIT");
    await one.closed();
    expect(await gateway.greeting()).toMatch(/^220 /);
  });
});

describe("the domain of the sender", () => {
  const gateway = useListener({ limits: "domain_per_minute=1,domain_burst=2" });

  it("that sends too much is put off at MAIL, and others are not", async () => {
    const client = await greeted(gateway.dialogue);
    expect(await transact(client, "a@b.test", "bob@mesh.test")).toBe("250");
    expect(await transact(client, "b@B.TEST", "ann@mesh.test")).toBe("250");
    expect(await transact(client, "c@b.test", "eve@mesh.test")).toBe("MAIL 450 4.7.0");
    expect(await transact(client, "c@d.test", "eve@mesh.test")).toBe("250");
    expect(await transact(client, "", "eve@mesh.test")).toBe("250");
  });
});

describe("a recipient", () => {
  const gateway = useListener({ limits: "mailbox_per_minute=1,mailbox_burst=2" });

  it("who gets too much is put off at RCPT, under any tag, and another of the same message is not", async () => {
    const client = await greeted(gateway.dialogue);
    expect(await transact(client, "a@b.test", "bob@mesh.test")).toBe("250");
    expect(await transact(client, "a@c.test", "Bob+x@MESH.test")).toBe("250");
    const asked = gateway.mesh.calls.length;
    expect(await transact(client, "a@d.test", "bob+y@mesh.test")).toBe("RCPT 450 4.2.1");
    expect(gateway.mesh.calls).toHaveLength(asked);
    expect(await transact(client, "a@d.test", "bob@mesh.test", "ann@mesh.test")).toBe("250");
    expect(gateway.mesh.posts.at(-1)?.to).toEqual(["ann@mesh.test"]);
  });
});

describe("a recipient who is only named", () => {
  const gateway = useListener({ limits: "mailbox_per_minute=1,mailbox_burst=2" });

  it("gets mail all the same: what nobody sends does not count", async () => {
    const client = await greeted(gateway.dialogue);
    for (let n = 0; n < 4; n++) {
      await client.say("MAIL FROM:<a@b.test>");
      for (let again = 0; again < 4; again++) await client.say("RCPT TO:<bob@mesh.test>");
      await client.say("RSET");
    }
    expect(await transact(client, "a@c.test", "bob@mesh.test", "bob+x@mesh.test")).toBe("250");
    expect(await transact(client, "a@c.test", "bob@mesh.test")).toBe("250");
    expect(await transact(client, "a@c.test", "bob@mesh.test")).toBe("RCPT 450 4.2.1");
  });
});

describe("a mesh that is slow", () => {
  const gateway = useListener({ limits: "connections_per_source=200" });

  it("is asked for one recipient once at a time; others go past, and those beyond the queue are put off", async () => {
    const held: (() => void)[] = [];
    gateway.mesh.interfere = (call, response) => {
      if (!call.to[0]?.startsWith("bob")) return false;
      held.push(() =>
        response.end(JSON.stringify({ recipients: call.to.map((address) => ({ address, outcome: "accepted" })) })),
      );
      return true;
    };
    const flood = await Promise.all(Array.from({ length: 60 }, () => greeted(gateway.dialogue)));
    for (const client of flood) await client.say("MAIL FROM:<a@b.test>");
    const answers = flood.map((client) => client.say("RCPT TO:<bob@mesh.test>"));
    // In the order in which the commands came; the last nine find no room.
    const refusals = await Promise.all(answers.slice(51));
    expect(refusals.map((reply) => reply.slice(0, 9))).toEqual(Array.from({ length: 9 }, () => "450 4.2.1"));
    await vi.waitFor(() => expect(held.length).toBeGreaterThanOrEqual(1));
    expect(held).toHaveLength(1);
    expect(await transact(await greeted(gateway.dialogue), "a@c.test", "ann@mesh.test")).toBe("250");
    gateway.mesh.interfere = () => false;
    for (const answer of held) answer();
    expect((await Promise.all(answers)).filter((reply) => reply.startsWith("250"))).toHaveLength(51);
  });
});

describe("without limits", () => {
  const gateway = useListener();

  it("all of it is taken", async () => {
    const client = await greeted(gateway.dialogue);
    for (let n = 0; n < 30; n++) expect(await transact(client, "a@b.test", "bob@mesh.test")).toBe("250");
  });
});
