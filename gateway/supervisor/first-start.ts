/**
 * The first start makes `mesh.test` with two accounts. It may be killed anywhere: passwords are written down before the
 * accounts are made, and the next start repeats what is missing with the same ones, so that what is printed is true.
 */
import { randomInt } from "node:crypto";
import { z } from "zod";
import { type AdminApi, AdminProblem } from "../admin-api.ts";
import type { StateFolder } from "../state.ts";

const DEMO_DOMAIN = "mesh.test";
const DEMO_ACCOUNTS = [
  { email: `alice@${DEMO_DOMAIN}`, name: "Alice" },
  { email: `bob@${DEMO_DOMAIN}`, name: "Bob" },
];

const DONE_FILE = "seeded.json";
const UNDER_WAY_FILE = "seeding.json";

const Done = z.object({ seeded_at: z.string() });
const UnderWay = z.object({ passwords: z.record(z.string(), z.string()) });

export interface DemoAccount {
  email: string;
  password: string;
}

/** Returns the accounts that were made, with their passwords: to be shown, and known only here. */
export async function seedOnce(
  state: StateFolder,
  api: AdminApi,
  demoPassword: string | undefined,
): Promise<DemoAccount[]> {
  if ((await state.read(DONE_FILE, Done)) !== undefined) return [];
  const passwords = await passwordsFor(state, demoPassword);
  await unlessThere(api.createDomain(DEMO_DOMAIN));
  const made: DemoAccount[] = [];
  for (const { email, name } of DEMO_ACCOUNTS) {
    const password = passwords[email];
    if (password === undefined) throw new Error(`${UNDER_WAY_FILE} has no password for ${email}`);
    await unlessThere(api.createAccount({ email, password, name }));
    made.push({ email, password });
  }
  return made;
}

/** After the passwords were shown. Until then a next start shows them again. */
export async function seedingIsDone(state: StateFolder): Promise<void> {
  await state.write(DONE_FILE, { seeded_at: new Date().toISOString() });
  await state.remove(UNDER_WAY_FILE);
}

async function passwordsFor(state: StateFolder, demoPassword: string | undefined): Promise<Record<string, string>> {
  const underWay = await state.read(UNDER_WAY_FILE, UnderWay);
  if (underWay !== undefined) return underWay.passwords;
  const passwords = Object.fromEntries(DEMO_ACCOUNTS.map(({ email }) => [email, demoPassword ?? makePassword()]));
  await state.write(UNDER_WAY_FILE, { passwords });
  return passwords;
}

/** 409 is what an interrupted first start leaves. */
async function unlessThere(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof AdminProblem && error.status === 409)) throw error;
  }
}

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aeiou";

/** Sixteen consonants and five vowels make 6.3 bits a syllable: `bako-lime-tufo-nesi-ravu` has 63 bits, and can be read out. */
function makePassword(): string {
  const syllable = () => `${CONSONANTS[randomInt(CONSONANTS.length)]}${VOWELS[randomInt(VOWELS.length)]}`;
  return Array.from({ length: 5 }, () => syllable() + syllable()).join("-");
}
