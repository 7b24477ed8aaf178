import { expect, it } from "vitest";
import { AdminApi } from "../admin-api.ts";
import { ADMIN_SECRET, FakeAdmin } from "../testing/fake-admin.ts";
import { temporaryState } from "../testing/temporary-state.ts";
import { seedingIsDone, seedOnce } from "./first-start.ts";

async function aMesh() {
  const admin = new FakeAdmin();
  return { admin, api: new AdminApi(await admin.start(), ADMIN_SECRET), state: await temporaryState() };
}

it("makes the domain and both accounts, with different passwords that can be read out", async () => {
  const { admin, api, state } = await aMesh();
  const made = await seedOnce(state, api, undefined);
  expect([...admin.domains]).toEqual(["mesh.test"]);
  expect(made.map((account) => [account.email, account.password])).toEqual([...admin.accounts]);
  expect([...admin.accounts.keys()]).toEqual(["alice@mesh.test", "bob@mesh.test"]);
  const passwords = [...admin.accounts.values()];
  expect(new Set(passwords).size).toBe(2);
  for (const password of passwords) expect(password).toMatch(/^[a-z]{4}(-[a-z]{4}){4}$/);
});

it("takes the password of the environment", async () => {
  const { admin, api, state } = await aMesh();
  await seedOnce(state, api, "a password of mine");
  expect([...admin.accounts.values()]).toEqual(["a password of mine", "a password of mine"]);
});

it("happens once", async () => {
  const { admin, api, state } = await aMesh();
  await seedOnce(state, api, undefined);
  await seedingIsDone(state);
  admin.requests.length = 0;
  expect(await seedOnce(state, api, undefined)).toEqual([]);
  expect(admin.requests).toEqual([]);
});

it.each([0, 1, 2, 3])(
  "killed after %i requests it is completed by the next start, and shows what is true",
  async (n) => {
    const { admin, api, state } = await aMesh();
    admin.diesAfter = n;
    if (n < 3) await expect(seedOnce(state, api, undefined)).rejects.toThrow(/No answer/);
    else await seedOnce(state, api, undefined);
    admin.diesAfter = Number.POSITIVE_INFINITY;
    const made = await seedOnce(state, api, "changed in between");
    expect(made.map((account) => [account.email, account.password])).toEqual([...admin.accounts]);
  },
);
