/** An object whose storage fails at a statement of the test's choice: a full object (SQLITE_FULL), a crash. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect } from "vitest";
import { VerifyPage } from "../../contract/admin.ts";
import { ok } from "./api-answers.ts";
import { type Account, asAdmin } from "./mesh.ts";

/** Makes the object's `nth` statement fail from now on. Returns how the storage is mended. */
export async function breakAt(account: Account, nth: number): Promise<() => Promise<void>> {
  await runInDurableObject(account.stub, (_, { storage }) => {
    const { sql } = storage;
    const exec = sql.exec.bind(sql);
    let n = 0;
    Object.defineProperty(sql, "exec", {
      configurable: true,
      value: (...statement: Parameters<typeof exec>) => {
        if (++n >= nth) throw new Error("injected: database or disk is full: SQLITE_FULL");
        return exec(...statement);
      },
    });
  });
  return () =>
    runInDurableObject(account.stub, (_, { storage }) => {
      Reflect.deleteProperty(storage.sql, "exec");
    });
}

export async function expectWhole(account: Account): Promise<void> {
  for (let after: number | null = -1; after !== null; ) {
    const path = `/accounts/${encodeURIComponent(account.email)}/verify`;
    const page: VerifyPage = await ok(asAdmin("POST", path, { after }), VerifyPage);
    expect(page.problems).toEqual([]);
    after = page.next;
  }
}

/** Does the work with the storage failing at its first statement, its second, and so on until it goes through. */
export async function atEachStatement(
  account: Account,
  work: () => Promise<boolean>,
  check: () => Promise<void>,
): Promise<number> {
  for (let nth = 1; nth < 400; nth++) {
    const mend = await breakAt(account, nth);
    const isDone = await work();
    await mend();
    // A crash as well: what is only in memory is gone.
    await crash(account);
    await check();
    await expectWhole(account);
    if (isDone) return nth;
  }
  throw new Error("the work never went through");
}

/** An alarm that failed is being tried again by the runtime, which holds on to the object meanwhile: it is rung at once. */
async function crash({ stub }: Account): Promise<void> {
  try {
    await evictDurableObject(stub);
  } catch {
    await runDurableObjectAlarm(stub);
    await evictDurableObject(stub);
  }
}
