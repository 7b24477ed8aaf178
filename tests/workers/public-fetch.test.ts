import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAX_REDIRECTS, publicFetch, USER_AGENT } from "../../workers/outside/public-fetch.ts";
import { aHost, askedOf, brokenOff, outsideAnswers } from "./outside.ts";

const reasonOf = async (...[url, request]: [string, Parameters<typeof publicFetch>[2]?]): Promise<string> => {
  const fetched = await publicFetch(env, url, request);
  return fetched.ok ? `${fetched.value.status} ${await fetched.value.text()}` : fetched.error.reason;
};
const redirectTo = (location: string, status = 302) => ({ status, headers: { location } });

describe("fetching from where a stranger says", () => {
  it("tells nothing of who asks", async () => {
    const host = aHost();
    await outsideAnswers(`https://${host}/a`, { body: "here", headers: { "set-cookie": "id=1" } });
    expect(await reasonOf(`https://${host}/a#part`)).toBe("200 here");
    expect(await reasonOf(`https://${host}/a`)).toBe("200 here");
    const [first, second] = await askedOf(host);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ url: `https://${host}/a`, method: "GET", headers: { "user-agent": USER_AGENT } });
    expect(Object.keys(first?.headers ?? {})).not.toEqual(expect.arrayContaining(["cookie", "referer", "origin"]));
  });

  it("follows redirections, relative ones too, and no more than three", async () => {
    const host = aHost();
    const at = (n: number) => `https://${host}/${n}`;
    await outsideAnswers(at(0), redirectTo(at(1), 301));
    await outsideAnswers(at(1), redirectTo("2", 307));
    await outsideAnswers(at(2), redirectTo("//HOST/3".replace("HOST", host), 308));
    await outsideAnswers(at(3), { body: "at last" });
    expect(await reasonOf(at(0))).toBe("200 at last");
    await outsideAnswers(at(3), redirectTo(at(0)));
    expect(await reasonOf(at(0))).toBe("too_many_redirects");
    expect((await askedOf(host)).slice(4)).toHaveLength(MAX_REDIRECTS + 1);
  });

  it("is led to no private address, at whatever step", async () => {
    for (const [away, reason] of [
      ["http://127.0.0.1/", "host_refused"],
      ["http://169.254.169.254/latest/meta-data/", "host_refused"],
      ["//metadata.google.internal/", "host_refused"],
      ["http://2130706433/", "host_refused"],
      ["https://news.example:8080/", "port_refused"],
      ["file:///etc/passwd", "scheme_refused"],
      ["https://user:password@news.example/", "credentials_refused"],
      ["http://[", "url_malformed"],
    ] as const) {
      const host = aHost();
      await outsideAnswers(`https://${host}/`, redirectTo("/on"));
      await outsideAnswers(`https://${host}/on`, redirectTo(away));
      expect(`${away} ${await reasonOf(`https://${host}/`)}`).toBe(`${away} ${reason}`);
    }
  });

  it("asks nothing at an address that it refuses", async () => {
    expect(await reasonOf("http://127.0.0.1/refused")).toBe("host_refused");
    expect(await askedOf("127.0.0.1")).toEqual([]);
  });

  it("posts once, and a redirection is the answer", async () => {
    const host = aHost();
    await outsideAnswers(`https://${host}/leave`, redirectTo("/elsewhere"));
    expect(await reasonOf(`https://${host}/leave`, { method: "POST", body: "List-Unsubscribe=One-Click" })).toBe(
      "302 ",
    );
    expect(await askedOf(host)).toMatchObject([{ method: "POST", body: "List-Unsubscribe=One-Click" }]);
  });

  it("goes on where a body that nobody reads breaks off", async () => {
    const redirection = brokenOff({ status: 302, headers: { location: "/on" } });
    const answers = [redirection, new Response("here")];
    const OUTSIDE = { fetch: () => Promise.resolve(answers.shift() ?? Response.error()) };
    const fetched = await publicFetch({ OUTSIDE: OUTSIDE as unknown as Fetcher }, `https://${aHost()}/`);
    expect(fetched.ok && (await fetched.value.text())).toBe("here");
  });

  it("gives up on who does not answer", async () => {
    const host = aHost();
    expect(await reasonOf(`https://${host}/nothing`)).toBe("404 ");
    await outsideAnswers(`https://${host}/slow`, { delayMs: 5_000 });
    expect(await reasonOf(`https://${host}/slow`, { timeoutMs: 100 })).toBe("unreachable");
  });
});
