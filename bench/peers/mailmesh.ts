/** Mailmesh as `npm start` runs it: SMTP in, REST out. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { MessagePage } from "../../contract/messages.ts";
import { SearchPage } from "../../contract/search.ts";
import { call, folderOf, logIn, type Service, startService } from "../../tests/support/service.ts";
import { connectSmtp } from "../../tests/support/smtp-client.ts";
import type { Generated } from "../generate.ts";
import { bytesUnder } from "../measure.ts";
import { type Delivered, type Disk, once, PAGE, type Reader, type System, sideBySide } from "./system.ts";

const ALICE = "alice@mesh.test";

export async function mailmesh(): Promise<System> {
  const service = await startService({ env: { RECEIVE_LIMITS: "off" } });
  const removeState = () => rmSync(service.state, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.once("exit", removeState);
  return {
    name: "Mailmesh",
    about: [
      `Mailmesh as \`npm start\` runs it, node ${process.version}; durable is searchable, in one transaction`,
      "it has fsync of its databases; the local R2 has none of the raw messages, which are files beside them",
    ],
    deliver: (mail, connections) => deliver(service, mail, connections),
    connect: () => connectReader(service),
    marksSideBySide: true,
    startsAProgram: false,
    disk: () => disk(service.state),
    stop: once(async () => {
      await service.stop();
      process.off("exit", removeState);
      removeState();
    }),
  };
}

async function deliver(service: Service, mail: Generated[], connections: number): Promise<Delivered> {
  const began = performance.now();
  await sideBySide(connections, mail, async () => {
    const client = await connectSmtp(service.smtp);
    return { send: ({ from, raw }) => client.send(from, [ALICE], raw), close: () => client.close() };
  });
  const seconds = (performance.now() - began) / 1000;
  return { durable: seconds, searchable: seconds };
}

async function connectReader(service: Service): Promise<Reader> {
  const { token } = await logIn(service, ALICE);
  const inbox = await folderOf(service, token, "inbox");
  const ask = async (path: string) => {
    const answer = await call(service, "GET", path, { token });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.bytes}`);
    return answer;
  };
  const list = async (path: string) => {
    const answer = await ask(path);
    return () => answer.json(MessagePage).messages.length;
  };
  const newest = (await ask(`/v1/folders/${inbox.id}/messages?limit=100`)).json(MessagePage).messages;
  const pathOf = (n: number) => `/v1/messages/${newest[n]?.id}`;
  return {
    total: inbox.total,
    least: () => ask("/ping"),
    page: () => list(`/v1/folders/${inbox.id}/messages?limit=${PAGE}`),
    open: async (n) => void (await ask(pathOf(n))),
    search: (q) => list(`/v1/search?${new URLSearchParams({ q, limit: String(PAGE) })}`),
    count: async (q) => {
      let found = 0;
      for (let cursor: string | null = ""; cursor !== null; ) {
        const query = new URLSearchParams({ q, limit: "100", ...(cursor === "" ? {} : { cursor }) });
        const page: SearchPage = (await ask(`/v1/search?${query}`)).json(SearchPage);
        found += page.messages.length;
        cursor = page.next_cursor;
      }
      return found;
    },
    mark: async (n, is_read) => {
      const { status, bytes } = await call(service, "PATCH", pathOf(n), { token, body: { is_read } });
      if (status !== 200) throw new Error(`${status} ${bytes}`);
    },
    close: async () => undefined,
  };
}

function disk(state: string): Disk {
  const objects = join(state, "mesh/do/mailmesh-MailboxObject");
  const databases = readdirSync(objects).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
  return {
    raw: bytesUnder(join(state, "mesh/r2/mailmesh-mail/blobs")),
    textIndex: databases.reduce((sum, name) => sum + indexBytes(join(objects, name)), 0),
    all: bytesUnder(state),
  };
}

/** The pages of FTS5's tables in an object's database. */
function indexBytes(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare("SELECT sum(pgsize) AS bytes FROM dbstat WHERE name LIKE 'message_index%'").get();
  database.close();
  return z.object({ bytes: z.number().nullable() }).parse(row).bytes ?? 0;
}
