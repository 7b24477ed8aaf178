import { describe, expect, it } from "vitest";
import { cloudflareResults } from "./cloudflare-results.ts";

const RECEIVED =
  "Received: from mx.far.example (192.0.2.7)\r\n        by cloudflare-email.net (cloudflare) id GY1K\r\n        for <info@mesh.test>; Sun, 14 Jun 2026 21:02:54 +0000\r\n";
const SEALED =
  "ARC-Seal: i=1; a=rsa-sha256; s=cf2024-1; d=cloudflare-email.net; cv=none;\r\n\tb=x\r\nARC-Message-Signature: i=1; d=cloudflare-email.net; b=y\r\nARC-Authentication-Results: i=1; mx.cloudflare.net;\r\n\tdmarc=fail\r\n";
const SPF =
  "Received-SPF: pass (mx.cloudflare.net: domain of zoe@far.example designates 192.0.2.7 as permitted sender)\r\n\treceiver=mx.cloudflare.net;\r\n";
const results = (dmarc: string, by = "mx.cloudflare.net") =>
  `Authentication-Results: ${by};\r\n\tdkim=pass header.d=far.example header.s=s1 header.b=abc;\r\n\tdmarc=${dmarc} header.from=far.example policy.dmarc=reject;\r\n\tspf=pass (mx.cloudflare.net: domain of zoe@far.example designates 192.0.2.7) smtp.mailfrom=zoe@far.example;\r\n\tarc=none smtp.remote-ip=192.0.2.7\r\n`;
const SCORE = "X-CF-SpamH-Score: 0\r\n";
const LETTER = "From: zoe@far.example\r\nSubject: x\r\n\r\nhello\r\n";

const said = (message: string) =>
  cloudflareResults(new TextEncoder().encode(message))?.field.results.map(
    ({ method, result }) => `${method}=${result}`,
  );

const GENUINE = RECEIVED + SEALED + SPF + results("fail") + SCORE;

describe("Cloudflare's results", () => {
  it.each([
    ["as it writes them now", GENUINE],
    ["without seals", RECEIVED + SPF + results("fail")],
    ["in front of a forged field", GENUINE + results("pass")],
    ["in front of a whole forged block", GENUINE + RECEIVED + SEALED + SPF + results("pass")],
  ])("are read %s", (_what, block) =>
    expect(said(block + LETTER)).toEqual(["dkim=pass", "dmarc=fail", "spf=pass", "arc=none"]),
  );

  it("say where the sender's own fields begin", () => {
    const message = new TextEncoder().encode(GENUINE + LETTER);
    expect(cloudflareResults(message)?.end).toBe(GENUINE.length - SCORE.length);
  });
});

describe("nothing is believed", () => {
  it.each([
    ["without Cloudflare's Received", results("pass")],
    ["below another host's Received", RECEIVED.replace("cloudflare-email.net", "evil.example") + results("pass")],
    [
      "below a host whose name only ends alike",
      RECEIVED.replace("by cloudflare", "by evilcloudflare") + results("pass"),
    ],
    ["below the next hop's Received", `${RECEIVED}Received: from a by b; x\r\n${results("pass")}`],
    ["below a field of the sender's", `${RECEIVED}Subject: x\r\n${results("pass")}`],
    ["by another name", RECEIVED + results("pass", "mx.cloudflare.net.evil.example") + results("pass")],
    ["that is only in the body", `${RECEIVED}\r\n${results("pass")}`],
    ["without any field", ""],
  ])("%s", (_what, block) => expect(said(block + LETTER)).toBeUndefined());
});

it("results behind those of SPF, where the sender's own words stand, are not read", () => {
  const message = `${RECEIVED}Authentication-Results: mx.cloudflare.net; dmarc=fail header.from=a.example; spf=fail smtp.mailfrom=x; dmarc=pass; dkim=pass header.d=bank.example; arc=none\r\n${LETTER}`;
  expect(said(message)).toEqual(["dmarc=fail", "spf=fail", "arc=none"]);
});
