/** What it costs to ask a destination before a transaction and to tell it afterwards, beside a call that does nothing. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { it } from "vitest";

const ROUNDS = 2_000;
const KEY = { user_id: "u0000000000000000", submission_id: 1 };
const outcomes = [{ result: "sent", status: "2.0.0", reply: "250 OK" } as const];

/** The clock stands still while the Worker computes, so that only the sum of many is a time. */
async function meanOf(what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  for (let n = 0; n < ROUNDS; n++) await work();
  console.log(`${what.padEnd(24)} ${((performance.now() - began) / ROUNDS).toFixed(2)} ms`);
}

it("admits and settles", async () => {
  const name = "bench.example";
  const stub = env.DESTINATION.getByName(name);
  const both = async () => {
    const admission = await stub.admit(name);
    if (!admission.granted) throw new Error("not admitted");
    await stub.settle(name, { slot: admission.slot, outcomes, key: KEY });
  };
  // One at a time for two thousand rounds is more than a minute allows.
  const unhurried = () =>
    runInDurableObject(stub, (_object, { storage }) => void storage.sql.exec("UPDATE destination SET started = 0"));
  await both();
  await meanOf("a call", () => stub.count(name, {}));
  await unhurried();
  await meanOf("admit and settle", both);
});
