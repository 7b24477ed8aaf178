import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAX_KEPT_IMAGE_BYTES, MAX_PROXIED_IMAGE_BYTES } from "../../contract/limits.ts";
import { Message } from "../../contract/messages.ts";
import { imageKey } from "../../contract/r2-keys.ts";
import { fetchImage } from "../../workers/images/fetch-image.ts";
import { sweepImages } from "../../workers/images/image-cache.ts";
import { imageSigner, weekOf } from "../../workers/images/signed-address.ts";
import { problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, fetchMesh, ingest, lines } from "./mesh.ts";
import { aHost, askedOf, outsideAnswers } from "./outside.ts";

const PNG = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.from("the rest of the image")]);
const DAY = 86_400_000;

/** An image of this size. */
const ofSize = (bytes: number): Uint8Array => Buffer.concat([PNG, Buffer.alloc(bytes - PNG.byteLength, 7)]);

/** Where the proxy has the images of a message with this HTML. */
async function proxiedIn(account: Account, html: string): Promise<string[]> {
  const extra = lines("Content-Type: text/html");
  await ingest("zoe@far.example", account.email, aLetter({ extra, body: html }));
  // Wherever they were put: mail that is nothing but an image looks like spam.
  const all = [...(await account.messages("inbox")), ...(await account.messages("junk"))];
  const [newest] = all.sort((a, b) => b.received_at.localeCompare(a.received_at));
  const opened = Message.parse(await (await account.call("GET", `/messages/${newest?.id}?images=proxied`)).json());
  const addresses = opened.body_html?.matchAll(/\/v1\/proxy\/image\?[^"' )]+/g) ?? [];
  return Array.from(addresses, ([address]) => address.replaceAll("&amp;", "&"));
}

async function proxied(account: Account, url: string): Promise<string> {
  const [address = ""] = await proxiedIn(account, `<img src="${url.replaceAll("&", "&amp;")}">`);
  return address;
}

describe("an image through the proxy", () => {
  it("comes without a login, once from its server, and as nothing but an image", async () => {
    const alice = await aCheckedAccount();
    const host = aHost();
    const url = `https://${host}/a.png?for=alice&n=1`;
    await outsideAnswers(url, { body: PNG, headers: { "content-type": "text/html", "set-cookie": "id=alice" } });
    const address = await proxied(alice, url);
    for (const cookie of ["", "__Host-mailmesh=whoever"]) {
      const answer = await fetchMesh(address, {
        headers: { cookie, referer: "https://mesh.test/", "user-agent": "A" },
      });
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "content-type": "image/png",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=604800, immutable",
      });
      expect(answer.headers.get("set-cookie")).toBe(null);
    }
    const asked = await askedOf(host);
    expect(asked).toMatchObject([{ url, method: "GET" }]);
    expect(JSON.stringify(asked)).not.toMatch(/cookie|referer|alice@|mesh\.test|"A"/);
  });

  it("is one of a format that is only a picture, whatever it is called", async () => {
    const alice = await aCheckedAccount();
    const images: [string, Uint8Array | string][] = [
      ["image/png", PNG],
      ["image/jpeg", Buffer.from("\xff\xd8\xff\xe0...", "latin1")],
      ["image/gif", "GIF89a..."],
      ["image/webp", "RIFF\x01\x01\x01\x01WEBPVP8 "],
      ["image/avif", "\x01\x01\x01\x01ftypavif...."],
      ["image/bmp", "BM\x01\x01\x01\x01\0\0\0\0...."],
      ["image/x-icon", Buffer.from([0, 0, 1, 0, 1, 0, 16, 16])],
      ["not_found", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
      ["not_found", "<html><script>alert(1)</script>"],
      ["not_found", "PNG"],
      ["not_found", ""],
      ["not_found", "GIF89"],
      ["not_found", "%PDF-1.7"],
    ];
    for (const [expected, body] of images) {
      const url = `https://${aHost()}/`;
      await outsideAnswers(url, { body, headers: { "content-type": "image/svg+xml" } });
      const answer = await fetchMesh(await proxied(alice, url));
      if (answer.ok) {
        await answer.arrayBuffer();
        expect(answer.headers.get("content-type")).toBe(expected);
      } else expect(await problemAt(answer)).toBe(expected);
    }
  });

  it("is passed on up to ten megabytes, and kept up to one", async () => {
    const alice = await aCheckedAccount();
    const host = aHost();
    const sizes = [MAX_KEPT_IMAGE_BYTES, MAX_KEPT_IMAGE_BYTES + 1, MAX_PROXIED_IMAGE_BYTES];
    for (const size of sizes) {
      await outsideAnswers(`https://${host}/${size}`, { body: ofSize(size) });
      const address = await proxied(alice, `https://${host}/${size}`);
      for (let twice = 0; twice < 2; twice++) {
        expect((await (await fetchMesh(address)).arrayBuffer()).byteLength).toBe(size);
      }
    }
    expect((await askedOf(host)).map(({ url }) => Number(url.split("/").at(-1)))).toEqual([
      sizes[0],
      ...[sizes[1], sizes[1]],
      ...[sizes[2], sizes[2]],
    ]);
  });

  it("is refused where its server says that there is more, and breaks off where it does not", async () => {
    const alice = await aCheckedAccount();
    const headers = { "content-length": String(MAX_PROXIED_IMAGE_BYTES + 1) };
    const outside = { ...env.OUTSIDE, fetch: async () => new Response(PNG, { headers }) };
    const refused = await fetchImage({ ...env, OUTSIDE: outside as unknown as Fetcher }, "https://far.example/");
    expect(refused).toMatchObject({ ok: false, error: { reason: "image_too_large" } });
    const url = `https://${aHost()}/`;
    await outsideAnswers(url, { body: ofSize(MAX_PROXIED_IMAGE_BYTES + 1) });
    const answer = await fetchMesh(await proxied(alice, url));
    await expect(answer.arrayBuffer()).rejects.toThrow("too large");
  });

  it("is not asked for where only this machine can reach", async () => {
    const alice = await aCheckedAccount();
    const away = aHost();
    await outsideAnswers(`https://${away}/`, { status: 302, headers: { location: "http://169.254.169.254/" } });
    const urls = ["http://127.0.0.1/a", "http://[::ffff:10.0.0.1]/a", "http://2130706433/a", "http://localhost/a"];
    for (const url of [
      ...urls,
      "http://a.internal/",
      "https://x.example:8080/",
      "https://a@x.example/",
      `https://${away}/`,
    ]) {
      const [address] = await proxiedIn(alice, `<img src="${url}">`);
      expect(await problemAt(fetchMesh(address ?? ""))).toBe("not_found");
    }
    expect(await askedOf("127.0.0.1")).toEqual([]);
    expect(await askedOf("169.254.169.254")).toEqual([]);
  });

  it("is no more than a refusal where its server fails", async () => {
    const alice = await aCheckedAccount();
    for (const page of [{ status: 404 }, { status: 500, body: PNG }, { status: 304 }, { status: 206, body: PNG }]) {
      const url = `https://${aHost()}/`;
      await outsideAnswers(url, page);
      expect(await problemAt(fetchMesh(await proxied(alice, url)))).toBe("not_found");
    }
  });
});

describe("an address of the proxy", () => {
  it("is none with anything about it changed", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    const host = aHost();
    await outsideAnswers(`https://${host}/`, { body: PNG });
    await outsideAnswers(`https://${host}/other`, { body: PNG });
    const address = new URL(await proxied(alice, `https://${host}/`), "http://mesh.test");
    const changed: Record<string, string[]> = {
      account: [bob.user_id, "u0000000000000000"],
      week: [String(weekOf(Date.now()) - 1), String(weekOf(Date.now()) + 1), "0"],
      signature: ["", "AAAA", "A".repeat(22), `${address.searchParams.get("signature")}A`, "é".repeat(11)],
      url: [`https://${host}/other`, `https://${host}/#a`, `https://${host}/\n`, "x", ""],
    };
    for (const [name, values] of Object.entries(changed)) {
      for (const value of values) {
        const forged = new URL(address);
        forged.searchParams.set(name, value);
        expect(await problemAt(fetchMesh(forged.pathname + forged.search))).toBe("forbidden");
      }
      const without = new URL(address);
      without.searchParams.delete(name);
      expect(await problemAt(fetchMesh(without.pathname + without.search))).toBe(`bad_request query.${name}`);
    }
    expect(await askedOf(host)).toEqual([]);
    expect((await fetchMesh(address.pathname + address.search)).status).toBe(200);
  });

  it("holds for a week after the one that it was made in", async () => {
    const host = aHost();
    await outsideAnswers(`https://${host}/`, { body: PNG });
    const now = Date.now();
    const made = (time: number) => imageSigner(env, "u0123456789abcdef", time)?.(`https://${host}/`) ?? "";
    expect((await fetchMesh(made(now - 7 * DAY))).status).toBe(200);
    expect(await problemAt(fetchMesh(made(now - 14 * DAY)))).toBe("forbidden");
    expect(await problemAt(fetchMesh(made(now + 7 * DAY)))).toBe("forbidden");
  });

  it("is not given out in a deployment without a secret", () => {
    const { ADMIN_SECRET: _, ...without } = env;
    expect(imageSigner(without, "u0123456789abcdef", Date.now())).toBe(null);
  });

  it("fetches only so much for an account in a minute, and what is kept always", async () => {
    const alice = await aCheckedAccount();
    const host = aHost();
    for (const path of ["a", "b"]) await outsideAnswers(`https://${host}/${path}`, { body: PNG });
    const a = await proxied(alice, `https://${host}/a`);
    const b = await proxied(alice, `https://${host}/b`);
    await (await fetchMesh(a)).arrayBuffer();
    const { IMAGE_RATE } = env;
    env.IMAGE_RATE = { limit: async ({ key }) => ({ success: key !== alice.user_id }) };
    try {
      expect((await fetchMesh(a)).status).toBe(200);
      expect(await problemAt(fetchMesh(b))).toBe("rate_limited");
    } finally {
      env.IMAGE_RATE = IMAGE_RATE;
    }
  });
});

describe("images that are kept", () => {
  it("are each account's own", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    const host = aHost();
    await outsideAnswers(`https://${host}/`, { body: PNG });
    for (const account of [alice, bob, alice, bob]) {
      await (await fetchMesh(await proxied(account, `https://${host}/`))).arrayBuffer();
    }
    expect(await askedOf(host)).toHaveLength(2);
  });

  it("give way to a later one in their place, and are never shown for another", async () => {
    const alice = await aCheckedAccount();
    const host = aHost();
    await outsideAnswers(`https://${host}/`, { body: PNG });
    const address = await proxied(alice, `https://${host}/`);
    await (await fetchMesh(address)).arrayBuffer();
    const prefix = `image/${weekOf(Date.now())}/${alice.user_id}/`;
    const [kept] = (await env.MAIL.list({ prefix })).objects;
    await env.MAIL.put(kept?.key ?? "", "another", {
      httpMetadata: { contentType: "image/png" },
      customMetadata: { url: "0".repeat(64) },
    });
    expect(Buffer.from(await (await fetchMesh(address)).arrayBuffer())).toEqual(PNG);
    expect(await askedOf(host)).toHaveLength(2);
  });

  it("go in the hour after their addresses have ended, and no sooner", async () => {
    const now = Date.UTC(2030, 0, 1, 10, 17);
    const keys = [0, 1, 2, 3].map((ago) => imageKey(weekOf(now) - ago, "u0123456789abcdef", "abc"));
    await Promise.all(keys.map((key) => env.MAIL.put(key, "x")));
    const left = async () => {
      const there = await Promise.all(keys.map((key) => env.MAIL.head(key)));
      return there.map((object) => object !== null);
    };
    await sweepImages(env, now + 60_000);
    expect(await left()).toEqual([true, true, true, true]);
    await sweepImages(env, now);
    expect(await left()).toEqual([true, true, false, false]);
  });
});
