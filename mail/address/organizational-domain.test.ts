import { expect, it } from "vitest";
import { isSameOwner, organizationalDomain, registeredDomain } from "./organizational-domain.ts";

it("a registered domain is what somebody registered, or the name itself", () => {
  expect(registeredDomain("A.b.example.co.uk")).toBe("example.co.uk");
  expect(registeredDomain("deep.mesh.test")).toBe("mesh.test");
  expect(registeredDomain("192.0.2.7")).toBe("192.0.2.7");
  expect(registeredDomain("localhost")).toBe("localhost");
});

it("for DMARC the private part of the list counts, and what is no domain has none", () => {
  expect(organizationalDomain("a.page.github.io")).toBe("page.github.io");
  expect(registeredDomain("a.page.github.io")).toBe("github.io");
  expect(organizationalDomain("192.0.2.7")).toBeNull();
});

it("hosts of one registered domain have one owner", () => {
  expect(isSameOwner("a.example.co.uk", "B.example.co.uk")).toBe(true);
  expect(isSameOwner("a.example.co.uk", "a.other.co.uk")).toBe(false);
});
