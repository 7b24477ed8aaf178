import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePorts } from "../support/free-ports.ts";

it("passes over a port that somebody listens on", async () => {
  const [, , last] = await freePorts();
  const taken = createServer().listen(last + 1, "127.0.0.1");
  await once(taken, "listening");
  expect(await freePorts()).not.toContain(last + 1);
  taken.close();
});
