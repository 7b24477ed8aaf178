import { afterEach, describe, expect, it } from "vitest";
import { type FakeDns, startDns } from "../testing/fake-dns.ts";
import { Dns } from "./dns.ts";
import { DnsBreaker } from "./dns-breaker.ts";
import { cached } from "./dns-cache.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function aServer(zone = {}): Promise<FakeDns> {
  const server = await startDns(zone);
  open.push(server);
  return server;
}

function asking(server: string, timeoutMilliseconds = 100): Dns {
  const dns = new Dns({ servers: [server], timeoutMilliseconds });
  open.push(dns);
  return dns;
}

const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => "answered",
    (error: { code?: string }) => error.code,
  );

describe("a look-up", () => {
  it("gives each type in the shape that mailauth reads", async () => {
    const zone = {
      "a.example": { TXT: ["x".repeat(300)], MX: ["mx.a.example"], A: ["192.0.2.1"], AAAA: ["2001:db8::1"] },
    };
    const resolve = asking((await aServer(zone)).server).forMessage(5_000);
    expect(await resolve("a.example", "TXT")).toEqual([["x".repeat(255), "x".repeat(45)]]);
    expect(await resolve("a.example", "MX")).toMatchObject([{ exchange: "mx.a.example", priority: 0 }]);
    expect(await resolve("a.example", "A")).toEqual(["192.0.2.1"]);
    expect(await resolve("a.example", "AAAA")).toEqual(["2001:db8::1"]);
    expect(await codeOf(resolve("a.example", "CNAME"))).toBe("ENODATA");
    expect(await codeOf(resolve("b.example", "TXT"))).toBe("ENOTFOUND");
  });

  it("is made once for many messages, one that there is no such name too, one that failed not", async () => {
    const server = await aServer({ "a.example": { A: ["192.0.2.1"] } });
    server.fails.add("c.example");
    const dns = asking(server.server);
    for (const name of ["a.example", "A.example", "b.example", "b.example", "c.example", "c.example"]) {
      await codeOf(dns.forMessage(5_000)(name, "A"));
    }
    const count = (name: string) => server.asked.filter((asked) => asked === `A ${name}`).length;
    expect([count("a.example"), count("b.example")]).toEqual([1, 1]);
    expect(count("c.example")).toBeGreaterThan(1);
  });

  it("fails when the message's time is up, and beyond the number that one message may have", async () => {
    const server = await aServer({ "a.example": { A: ["192.0.2.1"] } });
    server.silent.add("slow.example");
    const resolve = asking(server.server, 5_000).forMessage(50);
    expect(await codeOf(resolve("slow.example", "A"))).toBe("ETIMEOUT");
    expect(await codeOf(resolve("a.example", "A"))).toBe("ETIMEOUT");
    expect(await codeOf(resolve("_dmarc.slow.example", "TXT"))).toBe("ENOTFOUND");
    const greedy = asking(server.server).forMessage(60_000);
    const codes = await Promise.all(Array.from({ length: 200 }, () => codeOf(greedy("a.example", "A"))));
    expect(codes.filter((code) => code === "answered")).toHaveLength(150);
  });
});

it("what a message waits for otherwise is not taken off its time", async () => {
  const server = await aServer({ "a.example": { A: ["192.0.2.1"] } });
  const resolve = asking(server.server).forMessage(300);
  await resolve("b.example", "A").catch(() => undefined);
  await new Promise((done) => setTimeout(done, 400));
  expect(await codeOf(resolve("a.example", "A"))).toBe("answered");
});

describe("servers that do not answer", () => {
  it("are not asked again for a while, and no message waits for them", async () => {
    const server = await aServer();
    server.silent.add("").add("a.example");
    const dns = asking(server.server);
    expect(await dns.isReachable()).toBe(false);
    const asked = server.asked.length;
    for (let n = 0; n < 20; n++) expect(await codeOf(dns.forMessage(5_000)(`${n}.example`, "A"))).toBe("ETIMEOUT");
    expect(server.asked.length).toBe(asked);
  });

  it("are those where nobody listens too", async () => {
    const server = await startDns();
    await server.close();
    expect(await asking(server.server).isReachable()).toBe(false);
  });

  it("are told from a name whose own servers are silent", async () => {
    const server = await aServer({ "a.example": { A: ["192.0.2.1"] } });
    server.silent.add("evil.example");
    const dns = asking(server.server);
    expect(await codeOf(dns.forMessage(5_000)("evil.example", "TXT"))).toBe("ETIMEOUT");
    expect(await dns.isReachable()).toBe(true);
    expect(await codeOf(dns.forMessage(5_000)("a.example", "A"))).toBe("answered");
  });
});

describe("the breaker", () => {
  function aBreaker() {
    const state = { now: 0, answers: true, probes: 0 };
    const probe = async () => {
      state.probes++;
      if (!state.answers) throw new Error("silence");
    };
    const breaker = new DnsBreaker({ probe, now: () => state.now, openMilliseconds: 30_000, goodMilliseconds: 5_000 });
    return { state, breaker };
  }

  it("asks again when the time is up, and nobody waits for that", async () => {
    const { state, breaker } = aBreaker();
    state.answers = false;
    expect(await breaker.mayAsk()).toBe(false);
    state.now = 29_999;
    state.answers = true;
    expect(await breaker.mayAsk()).toBe(false);
    state.now = 30_000;
    expect(await breaker.mayAsk()).toBe(false);
    expect(await breaker.mayAsk()).toBe(true);
    expect(state.probes).toBe(2);
  });

  it("believes an answer for a while, however many look-ups fail, and asks once for many of them", async () => {
    const { state, breaker } = aBreaker();
    await breaker.mayAsk();
    state.answers = false;
    await Promise.all(Array.from({ length: 50 }, () => breaker.failed()));
    expect([await breaker.mayAsk(), state.probes]).toEqual([true, 1]);
    state.now = 5_000;
    await Promise.all(Array.from({ length: 50 }, () => breaker.failed()));
    expect([await breaker.mayAsk(), state.probes]).toEqual([false, 2]);
  });
});

it("the cache keeps an answer for a minute, and five thousand of them", async () => {
  let [now, asked] = [0, 0];
  const resolve = cached(
    async (name) => [`${name} ${++asked}`],
    () => now,
  );
  expect(await resolve("a", "A")).toEqual(["a 1"]);
  now = 59_999;
  expect(await resolve("a", "A")).toEqual(["a 1"]);
  now = 60_000;
  expect(await resolve("a", "A")).toEqual(["a 2"]);
  for (let n = 0; n < 5_000; n++) await resolve(`${n}`, "A");
  expect(await resolve("4999", "A")).toEqual(["4999 5002"]);
  expect(await resolve("a", "A")).toEqual(["a 5003"]);
});
