/** A client that only ever asks what changed knows at each moment what one that reads everything is told. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Changes } from "../../contract/changes.ts";
import { Folder } from "../../contract/folders.ts";
import { Message, MessagePage, type MessageSummary, Sent, Thread } from "../../contract/messages.ts";
import { Submission } from "../../contract/submissions.ts";
import { ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, ingest, lines } from "./mesh.ts";

/** What a client keeps, by type and id. */
interface Known {
  message: Map<string, unknown>;
  thread: Map<string, unknown>;
  folder: Map<string, unknown>;
  submission: Map<string, unknown>;
  draft: Map<string, unknown>;
}

const nothing = (): Known => ({
  message: new Map(),
  thread: new Map(),
  folder: new Map(),
  submission: new Map(),
  draft: new Map(),
});

const listed = ({
  id,
  thread_id,
  folder_ids,
  subject,
  is_read,
  is_flagged,
  is_draft,
  keywords,
  size,
}: MessageSummary) => {
  return { id, thread_id, folder_ids: folder_ids.toSorted(), subject, is_read, is_flagged, is_draft, keywords, size };
};

const threadOf = ({ id, is_muted, messages }: Thread) => ({ id, is_muted, messages: messages.map((one) => one.id) });

/** Where a submission stands changes by itself; that it is there is what the client must know. */
const submissionOf = ({ id, message_id }: Submission) => ({ id, message_id });

/** How an object of each type is read, by its id; a folder's row comes from the list of all. */
const READ: Record<keyof Known, (account: Account, id: string) => Promise<unknown>> = {
  message: (account, id) => read(account, `/messages/${id}`, (json) => listed(Message.parse(json))),
  draft: (account, id) => read(account, `/messages/${id}`, (json) => listed(Message.parse(json))),
  thread: (account, id) => read(account, `/threads/${id}?limit=100`, (json) => threadOf(Thread.parse(json))),
  submission: (account, id) => read(account, `/submissions/${id}`, (json) => submissionOf(Submission.parse(json))),
  folder: async (account, id) => (await foldersOf(account)).find((folder) => folder.id === id) ?? null,
};

/** Null where it is gone already: then a later change says so. */
async function read(account: Account, path: string, parse: (json: unknown) => unknown): Promise<unknown> {
  const answer = await account.call("GET", path);
  if (answer.status === 404) return null;
  expect(answer.status).toBe(200);
  return parse(await answer.json());
}

const foldersOf = (account: Account) => ok(account.call("GET", "/folders"), z.array(Folder));

class Syncing {
  readonly known = nothing();
  #state = "0";

  async catchUp(account: Account): Promise<void> {
    for (let hasMore = true; hasMore; ) {
      const changes = await ok(account.call("GET", `/changes?since=${this.#state}`), Changes);
      for (const type of ["message", "thread", "folder", "submission", "draft"] as const) {
        const { created, changed, destroyed } = changes[type];
        for (const id of created) expect(this.known[type].has(id), `${type} ${id} is new`).toBe(false);
        for (const id of [...changed, ...destroyed]) {
          // The default folders were there before the first change.
          if (type !== "folder") expect(this.known[type].has(id), `${type} ${id} was known`).toBe(true);
        }
        for (const id of destroyed) this.known[type].delete(id);
        for (const id of [...created, ...changed]) this.known[type].set(id, await READ[type](account, id));
      }
      this.#state = changes.state;
      hasMore = changes.has_more;
    }
  }
}

async function readEverything(account: Account, submissions: string[]): Promise<Known> {
  const known = nothing();
  const { id: all } = await account.folder("all");
  for (let cursor = ""; ; ) {
    const page = await ok(account.call("GET", `/folders/${all}/messages?limit=100${cursor}`), MessagePage);
    for (const row of page.messages) {
      known.message.set(row.id, listed(row));
      if (row.is_draft) known.draft.set(row.id, listed(row));
      known.thread.set(row.thread_id, await READ.thread(account, row.thread_id));
    }
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  for (const folder of await foldersOf(account)) known.folder.set(folder.id, folder);
  for (const id of submissions) known.submission.set(id, await READ.submission(account, id));
  return known;
}

const sorted = (known: Known) =>
  Object.fromEntries(
    Object.entries(known).map(([type, rows]) => [type, [...rows].sort(([a], [b]) => (a < b ? -1 : 1))]),
  );

/** Someone who does anything, and remembers what there was to do it to. */
class Doer {
  readonly submissions: string[] = [];
  readonly #account: Account;
  readonly #folders: string[] = [];
  #said = 0;
  #seed: number;

  constructor(account: Account, seed: number) {
    this.#account = account;
    this.#seed = seed;
  }

  next(n: number): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((this.#seed / 2 ** 31) * n);
  }

  pick<T>(from: readonly T[]): T | undefined {
    return from[this.next(from.length)];
  }

  async step(): Promise<void> {
    const steps = [
      () => this.#receive(),
      () => this.#receive(),
      () => this.#answer(),
      () => this.#update(),
      () => this.#update(),
      () => this.#update(),
      () => this.#draft(),
      () => this.#send(),
      () => this.#folder(),
      () => this.#mute(),
    ];
    await this.pick(steps)?.();
  }

  async #receive(): Promise<void> {
    const n = this.#said++;
    await ingest(
      "zoe@far.example",
      this.#account.email,
      aLetter({ id: `${n}@far.example`, subject: `letter ${n % 4}` }),
    );
  }

  /** Of what was said, or of what is yet to be said. */
  async #answer(): Promise<void> {
    const ids = Array.from({ length: 1 + this.next(5) }, () => `<${this.next(this.#said + 2)}@far.example>`);
    const extra = lines(`In-Reply-To: ${ids[0]}`, `References: ${ids.join(" ")}`);
    const letter = aLetter({ extra, subject: `Re: letter ${this.next(4)}`, to: "zoe@far.example" });
    await ingest("zoe@far.example", this.#account.email, letter);
  }

  async #update(): Promise<void> {
    const all = await this.#account.messages("all");
    const ids = all.filter(() => this.next(4) === 0).map(({ id }) => id);
    if (ids.length === 0) return;
    const folders = (await foldersOf(this.#account)).filter(({ role }) => role !== "all" && role !== "flagged");
    const folder_ids = folders.filter(() => this.next(5) === 0).map(({ id }) => id);
    const updates = [
      { is_read: this.next(2) === 0 },
      { is_flagged: this.next(2) === 0 },
      { keywords: this.pick([[], ["$answered"], ["a", "b"]]) },
      { folder_ids: folder_ids.length > 0 ? folder_ids : [folders[0]?.id] },
      { delete: true },
    ];
    await this.#account.call("POST", "/messages/batch", { ids, ...this.pick(updates) });
  }

  async #draft(): Promise<void> {
    const drafts = (await this.#account.messages("drafts")).filter((row) => row.is_draft);
    const draft = this.pick(drafts);
    const body = { subject: `draft ${this.next(9)}`, body: "x".repeat(this.next(2000)) };
    if (draft === undefined || this.next(2) === 0) await this.#account.call("POST", "/drafts", body);
    else await this.#account.call("PUT", `/drafts/${draft.id}`, body);
  }

  /** A draft or a new message, and sometimes back again. */
  async #send(): Promise<void> {
    const draft = this.pick((await this.#account.messages("drafts")).filter((row) => row.is_draft));
    const path = draft && this.next(2) === 0 ? `/drafts/${draft.id}/send` : "/messages";
    const message = { to: [{ email: "bob@far.example" }], subject: "sent", undo_seconds: 120 };
    const sent = Sent.safeParse(await (await this.#account.call("POST", path, message)).json());
    if (!sent.success) return;
    this.submissions.push(sent.data.submission_id);
    if (this.next(2) === 0) await this.#account.call("DELETE", `/submissions/${sent.data.submission_id}`);
  }

  async #folder(): Promise<void> {
    const own = this.pick(this.#folders);
    const name = `own ${this.next(1000)}`;
    if (own === undefined || this.next(3) === 0) {
      const made = Folder.safeParse(await (await this.#account.call("POST", "/folders", { name })).json());
      if (made.success) this.#folders.push(made.data.id);
    } else if (this.next(2) === 0) await this.#account.call("PATCH", `/folders/${own}`, { name });
    else await this.#account.call("DELETE", `/folders/${own}`);
  }

  async #mute(): Promise<void> {
    const row = this.pick(await this.#account.messages("all"));
    if (row) await this.#account.call("PATCH", `/threads/${row.thread_id}`, { is_muted: this.next(2) === 0 });
  }
}

describe("a client that syncs", () => {
  it.each([1, 2, 3, 4, 5, 6])("knows what one that reads everything is told (seed %i)", async (seed) => {
    const alice = await aCheckedAccount();
    const doer = new Doer(alice, seed);
    const often = new Syncing();
    const seldom = new Syncing();
    for (let n = 1; n <= 60; n++) {
      await doer.step();
      if (doer.next(3) === 0) await often.catchUp(alice);
      if (n % 20 !== 0) continue;
      await Promise.all([often.catchUp(alice), seldom.catchUp(alice)]);
      const everything = await readEverything(alice, doer.submissions);
      // Folders that never changed were never named: a client reads them when it begins.
      for (const client of [often, seldom]) {
        for (const [id, folder] of everything.folder)
          if (!client.known.folder.has(id)) client.known.folder.set(id, folder);
        expect(sorted(client.known)).toEqual(sorted(everything));
      }
    }
  });
});
