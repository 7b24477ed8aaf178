import { expect, it } from "vitest";
import { networkOf, sourceOf } from "./source.ts";

it.each([
  ["192.0.2.7", "192.0.2.7", "192.0.2.0/24"],
  ["::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0/24"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"],
  ["2001:DB8:0001:2::1", "2001:db8:1:2::/64", "2001:db8:1::/48"],
  ["2001:db8::1", "2001:db8:0:0::/64", "2001:db8:0::/48"],
  ["::1", "0:0:0:0::/64", "0:0:0::/48"],
  ["1::", "1:0:0:0::/64", "1:0:0::/48"],
  ["fe80::1%eth0", "fe80:0:0:0::/64", "fe80:0:0::/48"],
  ["unknown", "unknown", "unknown"],
  ["", "", ""],
])("%s is the source %s in the network %s", (address, source, network) => {
  expect(sourceOf(address)).toBe(source);
  expect(networkOf(address)).toBe(network);
});
