/** The signed message of RFC 8463 appendix A: what its authors signed is what we would have hashed. */
import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalBody } from "./canonical-body.ts";
import { canonicalField, readHeader } from "./canonical-header.ts";

const MESSAGE = `From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
`.replaceAll("\n", "\r\n");

const BODY_HASH = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";

const signatureField = (algorithm: string, selector: string) =>
  `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=${selector}; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=${BODY_HASH};
 b=
`.replaceAll("\n", "\r\n");

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** What is hashed for `h=from:to:subject:date:message-id:from:subject:date`: the last three are not there. */
function hashed(field: string): Buffer {
  const { fields } = readHeader(bytesOf(field + MESSAGE));
  const [signature, ...signed] = fields.map((one) => Buffer.from(canonicalField(one)).toString("latin1"));
  return Buffer.from([...signed, signature].join("\r\n"), "latin1");
}

describe("the example of RFC 8463 appendix A", () => {
  it("has the body hash that it says", async () => {
    const { bodyStart } = readHeader(bytesOf(MESSAGE));
    const hash = await crypto.subtle.digest("SHA-256", canonicalBody(bytesOf(MESSAGE).subarray(bodyStart)));
    expect(Buffer.from(hash).toString("base64")).toBe(BODY_HASH);
  });

  it("verifies with its Ed25519 key", async () => {
    const raw = Buffer.from("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "base64");
    const key = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") },
      format: "jwk",
    });
    const signature = "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==";
    const digest = await crypto.subtle.digest(
      "SHA-256",
      new Uint8Array(hashed(signatureField("ed25519-sha256", "brisbane"))),
    );
    expect(verify(null, Buffer.from(digest), key, Buffer.from(signature, "base64"))).toBe(true);
  });

  it("verifies with its RSA key", () => {
    const key = createPublicKey({
      key: Buffer.from(
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
        "base64",
      ),
      format: "der",
      type: "spki",
    });
    const signature =
      "F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2JzdA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=";
    expect(verify("sha256", hashed(signatureField("rsa-sha256", "test")), key, Buffer.from(signature, "base64"))).toBe(
      true,
    );
  });
});
