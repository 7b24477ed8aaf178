import { expect, it } from "vitest";
import { z } from "zod";
import { Problem } from "../../contract/problem.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, fetchMesh, ingest } from "./mesh.ts";

/** A fixed seed makes a failure come again; mulberry32 is as random as this needs. */
function randomness(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  return { below, pick, chance: (n: number) => next() < n };
}
type Random = ReturnType<typeof randomness>;

const STRINGS = [
  "",
  " ",
  "a",
  "Work",
  "é",
  "日本",
  "\u0000",
  "\ud800",
  "\r\nX: y",
  '"',
  "'",
  "%",
  "*",
  "(",
  "a@b.test",
  "a@",
  "@",
  "<>",
  "null",
  "__proto__",
  "x".repeat(3000),
  "2026-11-24T03:00:00Z",
  "-1",
  "1e999",
  "\u202e",
  "😀",
  "in:",
  "from:(",
  "text/html",
  "YQ==",
  "Y",
];
const NUMBERS = [0, -0, 1, -1, 0.5, 53, 1000, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 120];
const FIELDS = [
  "name",
  "parent_id",
  "ids",
  "is_read",
  "is_flagged",
  "folder_ids",
  "delete",
  "from",
  "to",
  "cc",
  "bcc",
  "reply_to",
  "subject",
  "body",
  "body_html",
  "attachments",
  "in_reply_to",
  "send_at",
  "undo_seconds",
  "email",
  "filename",
  "content_type",
  "content",
  "content_id",
  "disposition",
  "query",
  "unknown",
];

/** Any JSON value, with the names and ids that the API knows more often than chance would have them. */
function anyValue(random: Random, ids: string[], depth = 0): unknown {
  const kind = random.below(depth > 3 ? 5 : 8);
  if (kind === 0) return random.pick(STRINGS);
  if (kind === 1) return random.pick(NUMBERS);
  if (kind === 2) return random.pick([true, false, null]);
  if (kind === 3 || kind === 4) return random.pick(ids);
  if (kind === 5) return Array.from({ length: random.below(4) }, () => anyValue(random, ids, depth + 1));
  return Object.fromEntries(
    Array.from({ length: random.below(5) }, () => [random.pick(FIELDS), anyValue(random, ids, depth + 1)]),
  );
}

/** The fields that an address takes. */
function fieldsOf(path: string): string[] {
  if (path.startsWith("/folders")) return ["name", "parent_id"];
  if (path === "/searches") return ["name", "query"];
  if (path === "/messages/batch") return ["ids", "is_read", "is_flagged", "folder_ids", "delete"];
  if (path === "/messages/{id}") return ["is_read", "is_flagged", "folder_ids"];
  const draft = ["to", "cc", "bcc", "reply_to", "from", "subject", "body", "body_html", "in_reply_to", "attachments"];
  return path === "/messages" || path.endsWith("/send") ? [...draft, "undo_seconds"] : draft;
}

/** A body that could be meant for this address: its fields, most of them with values of the right kind. */
function nearlyRight(random: Random, path: string, ids: string[]): unknown {
  const text = () => random.pick(STRINGS);
  const people = () =>
    Array.from({ length: random.below(3) }, () => ({
      email: random.chance(0.6) ? "zoe@far.example" : text() || "x",
      name: text().slice(0, 200),
    }));
  const right: Record<string, () => unknown> = {
    name: () => text() || "Work",
    query: text,
    parent_id: () => random.pick([...ids, null]),
    ids: () => [random.pick(ids), random.pick(ids)],
    folder_ids: () => [random.pick(ids)],
    is_read: () => random.chance(0.5),
    is_flagged: () => random.chance(0.5),
    delete: () => true,
    from: () => people()[0],
    subject: text,
    body: text,
    body_html: text,
    in_reply_to: () => random.pick([...ids, ...STRINGS]),
    undo_seconds: () => 120,
    attachments: () => [
      {
        filename: text().slice(0, 255) || "a",
        content: random.pick(["", "YQ==", text()]),
        content_type: random.pick(["text/html", "a/b", text()]),
      },
    ],
  };
  const fields = fieldsOf(path);
  const names = Array.from({ length: 1 + random.below(4) }, () => random.pick(fields));
  return Object.fromEntries(
    names.map((name) => [name, random.chance(0.1) ? anyValue(random, ids) : (right[name] ?? people)()]),
  );
}

const Description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

async function routesOf(): Promise<[string, string][]> {
  const { paths } = Description.parse(await (await fetchMesh("/v1/openapi.json")).json());
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), path]),
  );
  // Logging in is limited by the minute, and administration has tests and a secret of its own.
  return all.filter(([, path]) => !path.startsWith("/sessions") && !path.startsWith("/admin"));
}

/** Ids of everything, and those that an address most likely means. */
async function idsOf(alice: Account) {
  for (let n = 0; n < 4; n++) await ingest("zoe@far.example", alice.email, aLetter({ subject: `letter ${n}` }));
  for (let n = 0; n < 3; n++) await alice.call("POST", "/drafts", { subject: `draft ${n}` });
  await alice.call("POST", "/folders", { name: "Own" });
  const messages = await alice.messages("all");
  const folders = z.array(z.object({ id: z.string() })).parse(await (await alice.call("GET", "/folders")).json());
  const kinds: Record<string, string[]> = {
    messages: messages.map(({ id }) => id),
    drafts: messages.filter(({ is_draft }) => is_draft).map(({ id }) => id),
    threads: messages.map(({ thread_id }) => thread_id),
    folders: folders.map(({ id }) => id),
  };
  const all = [...Object.values(kinds).flat(), "00000000000"];
  return { all, meantBy: (path: string) => kinds[path.split("/")[1] ?? ""] ?? all };
}

for (const seed of [1, 2, 3]) {
  it(`no request is answered with a 5xx, whatever is in it (seed ${seed})`, async () => {
    const alice = await aCheckedAccount();
    const { all: ids, meantBy } = await idsOf(alice);
    const random = randomness(seed);
    const routes = await routesOf();
    const statuses = new Map<number, number>();
    for (let n = 0; n < 500; n++) {
      const [method, template] = random.pick(routes);
      const path = template.replaceAll(/\{\w+\}/g, () =>
        random.pick([
          random.pick(meantBy(template)),
          random.pick(meantBy(template)),
          random.pick(ids),
          encodeURIComponent(random.pick(STRINGS).toWellFormed()),
        ]),
      );
      const query = new URLSearchParams();
      for (const name of ["limit", "cursor", "is_read", "q", "since"]) {
        if (random.chance(0.2)) query.append(name, random.pick([random.pick(ids), random.pick(STRINGS), "10", "true"]));
      }
      const body =
        method === "GET" || method === "DELETE"
          ? undefined
          : random.chance(0.9)
            ? nearlyRight(random, template, ids)
            : anyValue(random, ids);
      const headers = random.chance(0.2) ? { "idempotency-key": random.pick(["a", "b"]) } : {};
      const answer = await alice.call(method, `${path}?${query}`, body ?? undefined, headers);
      const text = await answer.text();
      expect(`${method} ${path}?${query} ${JSON.stringify(body)} ${answer.status >= 500 ? text : ""}`).toMatch(/ $/);
      if (answer.status >= 400) expect(Problem.parse(JSON.parse(text)).status).toBe(answer.status);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
    // Were they all refused, nothing would be proved.
    const count = (...wanted: number[]) => wanted.reduce((sum, status) => sum + (statuses.get(status) ?? 0), 0);
    expect(count(200)).toBeGreaterThan(20);
    expect(count(201, 202)).toBeGreaterThan(2);
  });
}
