import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRelayUrl, type Relay } from "./relay-url.ts";

function relayIn(text: string): Relay {
  const parsed = parseRelayUrl(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function problemIn(text: string) {
  const parsed = parseRelayUrl(text);
  return parsed.ok ? null : parsed.error.reason;
}

describe("a relay's URL", () => {
  it("names host, port, user and password", () => {
    expect(relayIn("smtp://user:pass@relay.example:2525")).toEqual({
      host: "relay.example",
      port: 2525,
      implicitTls: false,
      startTls: "required",
      credentials: { user: "user", password: "pass" },
    });
  });

  it("has port 587 by default, and 465 over TLS", () => {
    expect(relayIn("smtp://relay.example").port).toBe(587);
    expect(relayIn("smtps://relay.example/")).toMatchObject({ port: 465, implicitTls: true });
  });

  it("has user and password in percent-encoding", () => {
    const { credentials } = relayIn("smtps://me%40example.org:a%2Fb%3A%40%25%C3%A9+c@relay.example");
    expect(credentials).toEqual({ user: "me@example.org", password: "a/b:@%é+c" });
  });

  it("carries any user and password", () => {
    const secret = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(secret, secret, (user, password) => {
        const url = `smtps://${encodeURIComponent(user)}:${encodeURIComponent(password)}@relay.example`;
        expect(relayIn(url).credentials).toEqual({ user, password });
      }),
    );
  });

  it("may have a user with an empty password", () => {
    expect(relayIn("smtps://token:@relay.example").credentials).toEqual({ user: "token", password: "" });
  });

  it("may name an address", () => {
    expect(relayIn("smtp://192.0.2.7:25").host).toBe("192.0.2.7");
    expect(relayIn("smtp://[2001:db8::1]:587").host).toBe("[2001:db8::1]");
  });

  it("may be in capitals", () => {
    expect(relayIn("SMTP://Relay.Example").host).toBe("relay.example");
  });
});

describe("STARTTLS", () => {
  it("is required where there is a password, but not on this machine", () => {
    expect(relayIn("smtp://u:p@relay.example").startTls).toBe("required");
    for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "smtp.localhost"]) {
      expect(relayIn(`smtp://u:p@${host}`).startTls).toBe("opportunistic");
    }
  });

  it("is opportunistic without a password", () => {
    expect(relayIn("smtp://relay.example").startTls).toBe("opportunistic");
  });

  it("is what ?tls= says", () => {
    expect(relayIn("smtp://relay.example?tls=required").startTls).toBe("required");
    expect(relayIn("smtp://relay.example/?tls=off").startTls).toBe("off");
    expect(relayIn("smtp://u:p@127.0.0.1?tls=off").startTls).toBe("off");
    expect(relayIn("smtp://u:p@127.0.0.1?tls=required").startTls).toBe("required");
  });

  it("cannot be waived for a password that leaves this machine", () => {
    expect(problemIn("smtp://u:p@relay.example?tls=off")).toBe("password_in_clear");
    expect(problemIn("smtp://u:p@relay.example?tls=opportunistic")).toBe("password_in_clear");
    // Names that only look local.
    expect(problemIn("smtp://u:p@127.0.0.1.example?tls=off")).toBe("password_in_clear");
    expect(problemIn("smtp://u:p@localhost.example?tls=off")).toBe("password_in_clear");
  });
});

describe("a mistake in a relay's URL", () => {
  it.each([
    ["relay.example", "not_a_url"],
    ["", "not_a_url"],
    ["smtp://", "bad_host"],
    ["smtp://:587", "not_a_url"],
    ["smtp://relay.example:99999", "not_a_url"],
    ["smtp://relay.example:0", "bad_port"],
    ["http://relay.example", "unknown_scheme"],
    ["relay.example:587", "unknown_scheme"],
    ["smtp:relay.example", "bad_host"],
    ["smtp://bücher.example", "bad_host"],
    ["smtp://relay_1.example", "bad_host"],
    ["smtp://-relay.example", "bad_host"],
    ["smtp://relay.example/inbox", "unexpected_path"],
    ["smtp://user:pa/ss@relay.example", "not_a_url"],
    ["smtp://user:pa#ss@relay.example", "not_a_url"],
    ["smtp://relay.example#x", "unexpected_path"],
    ["smtps://user:100%@relay.example", "bad_credentials"],
    ["smtps://user:%ff@relay.example", "bad_credentials"],
    ["smtps://user:%0d%0aQUIT@relay.example", "bad_credentials"],
    ["smtps://user:a%00b@relay.example", "bad_credentials"],
    ["smtps://:password@relay.example", "bad_credentials"],
    ["smtp://relay.example?tls=maybe", "unknown_option"],
    ["smtp://relay.example?timeout=3", "unknown_option"],
    ["smtps://relay.example?tls=off", "unknown_option"],
  ])("%j is told as %s", (url, reason) => {
    expect(problemIn(url)).toBe(reason);
  });

  it("is told without the password", () => {
    for (const url of [
      "smtp://user:hunter2@relay.example?tls=off",
      "smtp://user:hunter2%@relay.example",
      "smtp://user:hunter2/@relay.example",
      "smtp://user:hunter2@relay.example/path",
      "http://user:hunter2@relay.example",
      "smtp://user:hunter2@bücher.example",
    ]) {
      const parsed = parseRelayUrl(url);
      expect(parsed.ok).toBe(false);
      expect(JSON.stringify(parsed)).not.toContain("hunter2");
    }
  });

  it("never makes the parser throw", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseRelayUrl(`smtp://${text}`)));
  });
});
