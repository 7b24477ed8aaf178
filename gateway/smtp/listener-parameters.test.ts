/** ESMTP parameters as a client hears of them (RFC 5321 §4.1.1.11). */
import { describe, expect, it } from "vitest";
import { useListener } from "../testing/listener-fixture.ts";

const gateway = useListener({ maxMessageBytes: 100_000 });

async function greeted() {
  const client = await gateway.dialogue();
  await client.say("EHLO client.test");
  return client;
}

describe("MAIL", () => {
  it.each([["SIZE=10"], ["BODY=7BIT"], ["body=8bitmime"], ["SMTPUTF8"], ["SIZE=10 BODY=8BITMIME SMTPUTF8"]])(
    "with %s is taken",
    async (parameters) => {
      const client = await greeted();
      expect(await client.say(`MAIL FROM:<a@b.test> ${parameters}`)).toMatch(/^250 2\.1\.0 /);
    },
  );

  it.each([["FOO=BAR"], ["FOO"], ["SIZE=10 X-Y=1"], ["RET=FULL"], ["ENVID=1"], ["REQUIRETLS"], ["AUTH=<>"]])(
    "with %s is a 555, and may be said again without",
    async (parameters) => {
      const client = await greeted();
      expect(await client.say(`MAIL FROM:<a@b.test> ${parameters}`)).toMatch(/^555 5\.5\.4 /);
      expect(await client.say("RCPT TO:<bob@mesh.test>")).toMatch(/^503 /);
      expect(await client.say("MAIL FROM:<a@b.test>")).toMatch(/^250 /);
    },
  );

  it.each([["BODY=nonsense"], ["BODY=BINARYMIME"], ["BODY"], ["SIZE=ten"], ["SIZE="], ["SMTPUTF8=1"], ["=1"]])(
    "with %s is a 501",
    async (parameters) => {
      const client = await greeted();
      expect(await client.say(`MAIL FROM:<a@b.test> ${parameters}`)).toMatch(/^501 5\.5\.4 /);
    },
  );

  it("with a bad path is answered for the path", async () => {
    const client = await greeted();
    expect(await client.say("MAIL FROM:a@b.test FOO=BAR")).toMatch(/^501 5\.1\.7 /);
  });
});

describe("RCPT", () => {
  it.each([["FOO"], ["NOTIFY=NEVER"], ["ORCPT=rfc822;bob@mesh.test"]])(
    "with %s is a 555, and the mesh is not asked",
    async (parameters) => {
      const client = await greeted();
      await client.say("MAIL FROM:<a@b.test>");
      expect(await client.say(`RCPT TO:<bob@mesh.test> ${parameters}`)).toMatch(/^555 5\.5\.4 /);
      expect(gateway.mesh.calls).toEqual([]);
      expect(await client.say("RCPT TO:<bob@mesh.test>")).toMatch(/^250 /);
    },
  );
});
