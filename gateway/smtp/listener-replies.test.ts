import { createTransport } from "nodemailer";
import { describe, expect, it, vi } from "vitest";
import { type FakeMesh, refused } from "../testing/fake-mesh.ts";
import { useListener } from "../testing/listener-fixture.ts";

const gateway = useListener({ maxMessageBytes: 100_000, timeoutMilliseconds: 400 });

describe("the greeting", () => {
  it("names the extensions and neither a login nor a program", async () => {
    const client = await gateway.dialogue();
    const lines = (await client.say("EHLO client.test")).split("\n");
    expect(lines.map((line) => line.slice(4)).sort()).toEqual(
      ["mx.test", "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "STARTTLS", "SIZE 100000"].sort(),
    );
    expect(await client.say("AUTH PLAIN AGEAYg==")).toMatch(/^500 /);
    expect(await client.say("WIZ x")).toMatch(/^500 /);
  });
});

describe("RCPT", () => {
  it("asks the mesh with the secret and both paths as they were written", async () => {
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    await client.say("MAIL FROM:<Alice@xn--bcher-kva.test>");
    expect(await client.say('RCPT TO:<"Bob B"@mesh.test>')).toBe("250 2.1.5 Accepted");
    expect(gateway.mesh.calls).toMatchObject([
      {
        method: "GET",
        from: "Alice@xn--bcher-kva.test",
        to: ['"Bob B"@mesh.test'],
        authorization: "Bearer ingest-secret",
      },
    ]);
  });

  it("refuses with the reply of the mesh, its status too", async () => {
    const policy = { code: 550, status: "5.7.26", text: "Not from you" };
    gateway.mesh.decide = (_call, to) => refused(to, to.startsWith("p") ? policy : undefined);
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    await client.say("MAIL FROM:<a@b.test>");
    expect(await client.say("RCPT TO:<nobody@mesh.test>")).toBe("550 5.1.1 No such mailbox");
    expect(await client.say("RCPT TO:<p@mesh.test>")).toBe("550 5.7.26 Not from you");
    expect(await client.say("DATA")).toMatch(/^503 5.5.1 /);
  });

  it("passes the null sender and a postmaster without domain on", async () => {
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    expect(await client.say("MAIL FROM:<>")).toMatch(/^250 /);
    expect(await client.say("RCPT TO:<Postmaster>")).toMatch(/^250 /);
    expect(gateway.mesh.calls).toMatchObject([{ from: "", to: ["Postmaster"] }]);
  });

  it("takes 100 recipients of 150 and puts the rest off", async () => {
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    await client.say("MAIL FROM:<a@b.test>");
    const replies: string[] = [];
    for (let n = 0; n < 150; n++) replies.push(await client.say(`RCPT TO:<user-${n}@mesh.test>`));
    expect(replies.filter((reply) => reply.startsWith("250 2.1.5"))).toHaveLength(100);
    expect(replies.slice(100).every((reply) => reply.startsWith("452 4.5.3"))).toBe(true);
    await client.say("DATA");
    client.write("hello\r\n.\r\n");
    expect(await client.reply()).toBe("250 2.0.0 Accepted for 100 recipients");
    expect(gateway.mesh.posts.flatMap((call) => call.to)).toHaveLength(100);
  });
});

describe("the end of DATA", () => {
  it("tells the mesh who spoke and how", async () => {
    const client = await gateway.dialogue();
    await client.say("EHLO Client.TEST");
    await client.say("MAIL FROM:<a@b.test> SMTPUTF8 BODY=8BITMIME SIZE=10");
    await client.say("RCPT TO:<bob@mesh.test>");
    await client.say("DATA");
    client.write("hello\r\n.\r\n");
    expect(await client.reply()).toBe("250 2.0.0 Accepted for 1 recipient");
    expect(gateway.mesh.posts).toMatchObject([
      { from: "a@b.test", to: ["bob@mesh.test"], authorization: "Bearer ingest-secret" },
    ]);
    expect(gateway.mesh.posts[0]?.hop).toEqual({
      helo: "client.test",
      remote_address: "127.0.0.1",
      protocol: "UTF8SMTP",
    });
  });

  it("is one 451 when a recipient went away in between", async () => {
    gateway.mesh.decide = (call, to) =>
      call.method === "POST" && to === "carol@mesh.test" ? refused(to) : { address: to, outcome: "accepted" };
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    await client.say("MAIL FROM:<a@b.test>");
    await client.say("RCPT TO:<bob@mesh.test>");
    await client.say("RCPT TO:<carol@mesh.test>");
    await client.say("DATA");
    client.write("hello\r\n.\r\n");
    expect(await client.reply()).toMatch(/^451 4\.3\.0 /);
  });

  it("is the refusal when all were refused", async () => {
    gateway.mesh.decide = (call, to) => (call.method === "POST" ? refused(to) : { address: to, outcome: "accepted" });
    const client = await gateway.dialogue();
    await client.data("a@b.test", "bob@mesh.test");
    client.write("hello\r\n.\r\n");
    expect(await client.reply()).toBe("550 5.1.1 No such mailbox");
  });

  it("comes from several requests when the recipients are long, each below 8 kB with the same bytes", async () => {
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    await client.say("MAIL FROM:<a@b.test> SMTPUTF8");
    for (let n = 0; n < 60; n++)
      await client.say(Buffer.from(`RCPT TO:<${"ж".repeat(80)}${n}@mesh.test>`).toString("latin1"));
    await client.say("DATA");
    client.write("hello\r\n.\r\n");
    expect(await client.reply()).toBe("250 2.0.0 Accepted for 60 recipients");
    const posts = gateway.mesh.posts;
    expect(posts.length).toBeGreaterThan(3);
    expect(Math.max(...posts.map((call) => call.targetOctets))).toBeLessThan(8_000);
    expect(new Set(posts.map((call) => call.body.toString()))).toEqual(new Set(["hello\r\n"]));
    expect(new Set(posts.flatMap((call) => call.to)).size).toBe(60);
  });
});

describe("a message over the size", () => {
  it("is refused at MAIL when it says so", async () => {
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    expect(await client.say("MAIL FROM:<a@b.test> SIZE=100001")).toMatch(/^552 5\.3\.4 /);
  });

  it("is refused after DATA when it does not, and the connection goes on", async () => {
    const client = await gateway.dialogue();
    await client.data("a@b.test", "bob@mesh.test");
    client.write(`${"x".repeat(998)}\r\n`.repeat(101));
    client.write(".\r\n");
    expect(await client.reply()).toMatch(/^552 5\.3\.4 /);
    expect(gateway.mesh.posts).toHaveLength(0);
    expect(await client.say("NOOP")).toMatch(/^250 /);
  });

  it("that never ends is cut off", async () => {
    const client = await gateway.dialogue();
    await client.data("a@b.test", "bob@mesh.test");
    client.write("x".repeat(400_000));
    await client.closed();
  });
});

describe("a mesh that cannot answer", () => {
  const failures: [string, FakeMesh["interfere"]][] = [
    ["with an error", (_call, response) => response.writeHead(500).end("no") !== undefined],
    ["that refuses the secret", (_call, response) => response.writeHead(401).end("{}") !== undefined],
    ["with something else than JSON", (_call, response) => response.writeHead(200).end("pong") !== undefined],
    [
      "with fewer outcomes than recipients",
      (_c, response) => response.writeHead(200).end('{"recipients":[]}') !== undefined,
    ],
    ["in time", () => true],
    [
      "to the end",
      (_call, response) => response.writeHead(200, { "content-length": "99" }).write("{") && !!response.destroy(),
    ],
  ];

  it.each(failures)("%s leaves the mail with the sender at RCPT", async (_name, interfere) => {
    gateway.mesh.interfere = interfere;
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    await client.say("MAIL FROM:<a@b.test>");
    expect(await client.say("RCPT TO:<bob@mesh.test>")).toMatch(/^451 4\.3\.0 /);
    expect(gateway.reports).toHaveLength(1);
  });

  it.each(failures)("%s leaves the mail with the sender after DATA", async (_name, interfere) => {
    gateway.mesh.interfere = (call, response) => call.method === "POST" && interfere(call, response);
    const client = await gateway.dialogue();
    await client.data("a@b.test", "bob@mesh.test");
    client.write("hello\r\n.\r\n");
    expect(await client.reply()).toMatch(/^451 4\.3\.0 /);
  });

  it("because it is down leaves the mail with the sender", async () => {
    await gateway.mesh.stop();
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    await client.say("MAIL FROM:<a@b.test>");
    expect(await client.say("RCPT TO:<bob@mesh.test>")).toMatch(/^451 4\.3\.0 /);
    await gateway.mesh.start();
  });

  it("on a kept connection that it closed is asked again on a new one", async () => {
    const client = await gateway.dialogue();
    await client.data("a@b.test", "bob@mesh.test");
    gateway.mesh.dropConnections();
    client.write("hello\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250 /);
    expect(gateway.reports).toEqual([]);
  });
});

describe("stopping", () => {
  it("lets a message on its way finish, and sends the idle away", async () => {
    let answer: () => void = () => undefined;
    gateway.mesh.interfere = (call, response) => {
      if (call.method !== "POST") return false;
      answer = () => response.end(JSON.stringify({ recipients: [{ address: call.to[0], outcome: "accepted" }] }));
      return true;
    };
    const [busy, idle] = [await gateway.dialogue(), await gateway.dialogue()];
    await busy.data("a@b.test", "bob@mesh.test");
    busy.write("hello\r\n.\r\n");
    await vi.waitFor(() => expect(gateway.mesh.posts).toHaveLength(1));
    const stopped = gateway.listener.stop(2_000);
    expect(await idle.reply()).toMatch(/^421 4\.3\.2 /);
    answer();
    expect(await busy.reply()).toMatch(/^250 /);
    busy.end();
    await stopped;
    await expect(gateway.dialogue()).rejects.toThrow();
  });
});

describe("STARTTLS", () => {
  it("takes mail over the certificate that was made", async () => {
    const transport = createTransport({
      host: "127.0.0.1",
      port: gateway.port,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
    });
    const sent = await transport.sendMail({ from: "a@b.test", to: "bob@mesh.test", text: "over TLS" });
    transport.close();
    expect(sent.response).toMatch(/^250 2\.0\.0 /);
    expect(gateway.mesh.posts[0]?.hop.protocol).toBe("ESMTPS");
  });

  it("forgets what was pipelined in clear behind it", async () => {
    const client = await gateway.dialogue();
    await client.say("EHLO client.test");
    client.write("STARTTLS\r\nMAIL FROM:<evil@b.test>\r\nRCPT TO:<bob@mesh.test>\r\n");
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.staysSilent()).toBe(true);
    expect(gateway.mesh.calls).toEqual([]);
  });
});
