import { describe, expect, it } from "vitest";
import { MAX_URL_CHARACTERS, parsePublicUrl } from "./public-url.ts";

const reasonOf = (text: string): string => {
  const parsed = parsePublicUrl(text);
  return parsed.ok ? parsed.value.href : parsed.error.reason;
};

describe("an address of the public web", () => {
  it.each([
    ["https://news.example/a.png?b=c#d", "https://news.example/a.png?b=c"],
    ["http://news.example:443/a", "http://news.example:443/a"],
    ["https://NEWS.example./a", "https://news.example./a"],
    ["https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"],
    ["http://8.8.8.8/", "http://8.8.8.8/"],
    ["http://0x08080808/", "http://8.8.8.8/"],
    ["http://[2606:4700:4700::1111]/", "http://[2606:4700:4700::1111]/"],
    ["http://local.example/", "http://local.example/"],
  ])("is %s", (text, href) => expect(reasonOf(text)).toBe(href));

  it.each([
    // Each spelling of 127.0.0.1, and all of its network.
    ...[
      "127.0.0.1",
      "127.1",
      "127.255.255.254",
      "2130706433",
      "0x7f000001",
      "0x7f.0.0.1",
      "0177.0.0.1",
      "017700000001",
    ],
    ...["%31%32%37.0.0.1", "１２７.0.0.1", "①②⑦.0.0.1", "127.0.0.1.", "127。0。0。1", "0", "0.0.0.0"],
    ...["[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"],
    // Private, shared, link-local and reserved ones, and where clouds keep the secrets of their machines.
    ...["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "3232235777", "0xc0a80101", "0300.0250.1.1"],
    ...["100.64.0.1", "100.100.100.200", "169.254.169.254", "0xa9fea9fe", "2852039166", "168.63.129.16", "192.0.0.192"],
    ...["192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"],
    ...["[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[100::1]"],
    // An IPv4 address inside an IPv6 one.
    ...[
      "[::ffff:10.0.0.1]",
      "[64:ff9b::7f00:1]",
      "[64:ff9b:1::a00:1]",
      "[2002:7f00:1::]",
      "[2001::1]",
      "[::ffff:0:10.0.0.1]",
    ],
    // Names of this machine and this network.
    ...["localhost", "LOCALHOST", "localhost.", "a.localhost", "router", "printer.local", "db.internal", "nas.lan"],
    ...["metadata.google.internal", "metadata.google.internal.", "wiki.corp", "fritz.home", "a.home.arpa", "x.onion"],
    ...["localhost.localdomain", "a..", "ⓛocalhost"],
  ])("is not at %s", (host) => expect(reasonOf(`http://${host}/`)).toMatch(/^(host_refused|url_malformed)$/));

  it.each([
    ["file:///etc/passwd", "scheme_refused"],
    ["ftp://news.example/", "scheme_refused"],
    ["data:image/png;base64,AAAA", "scheme_refused"],
    ["javascript:alert(1)", "scheme_refused"],
    ["gopher://news.example/", "scheme_refused"],
    ["https://news.example:8443/", "port_refused"],
    ["http://news.example:25/", "port_refused"],
    ["http://news.example:0/", "port_refused"],
    ["https://user@news.example/", "credentials_refused"],
    ["https://:password@news.example/", "credentials_refused"],
    ["http://news.example@127.0.0.1/", "credentials_refused"],
    ["//news.example/", "url_malformed"],
    ["http://", "url_malformed"],
    ["http://[::1", "url_malformed"],
    ["http://256.1.1.1/", "url_malformed"],
    [`https://news.example/${"a".repeat(MAX_URL_CHARACTERS)}`, "url_too_long"],
  ])("is not %s", (text, reason) => expect(reasonOf(text)).toBe(reason));
});
