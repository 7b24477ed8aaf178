/** Dovecot: LMTP in, IMAP out, and the full-text index of fts-xapian where that plugin is installed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { connectSmtp } from "../../tests/support/smtp-client.ts";
import type { Generated } from "../generate.ts";
import { bytesUnder } from "../measure.ts";
import { type Dovecot, startDovecot, USER } from "./dovecot-instance.ts";
import { foundIn, imapSearch } from "./imap-responses.ts";
import { ask, run } from "./programs.ts";
import { type Delivered, type Disk, PAGE, type Reader, type System, sideBySide } from "./system.ts";

export async function dovecot(): Promise<System> {
  const server = await startDovecot();
  return {
    name: "Dovecot",
    about: [
      `Dovecot ${ask("dovecot", "--version")}, an instance of its own: maildir, mail_fsync=optimized as shipped`,
      server.hasXapian
        ? `index by fts-xapian ${xapianVersion()} (partial=3 full=20), in one go after the delivery`
        : "fts-xapian is not installed: its own search, which reads the messages",
    ],
    deliver: (mail, connections) => deliver(server, mail, connections),
    connect: () => connectReader(server),
    marksSideBySide: true,
    startsAProgram: false,
    disk: () => disk(server),
    stop: server.stop,
  };
}

/** Only Debian's packages know it. */
const xapianVersion = () => ask("dpkg-query", "-W", "-f", `\${Version}`, "dovecot-fts-xapian") ?? "of unknown version";

async function deliver(server: Dovecot, mail: Generated[], connections: number): Promise<Delivered> {
  const began = performance.now();
  await sideBySide(connections, mail, async () => {
    const client = await connectSmtp(server.lmtp, { lmtp: true });
    return { send: ({ from, raw }) => client.send(from, [USER], raw), close: () => client.close() };
  });
  const durable = (performance.now() - began) / 1000;
  // Without the plugin this fills the caches that reading and searching use.
  await run("doveadm", ["-c", server.config, "index", "-u", USER, "INBOX"]);
  return { durable, searchable: (performance.now() - began) / 1000 };
}

async function connectReader(server: Dovecot): Promise<Reader> {
  const client = await server.logIn();
  const status = await client.command("SELECT INBOX");
  const total = Number(status.map((line) => /^\* (\d+) EXISTS$/.exec(String(line))?.[1]).find(Boolean));
  const list = async (command: string) => {
    const answer = await client.command(command);
    return () => answer.length;
  };
  return {
    total,
    least: () => client.command("NOOP"),
    page: () => list(`FETCH ${total - PAGE + 1}:${total} (UID FLAGS ENVELOPE)`),
    open: async (n) => void (await client.command(`FETCH ${total - n} (UID FLAGS BODY.PEEK[])`)),
    search: async (q) => {
      const hits = (await client.command(`UID SEARCH ${imapSearch(q)}`)).flatMap(foundIn).slice(-PAGE);
      return hits.length === 0 ? () => 0 : list(`UID FETCH ${hits.join()} (FLAGS ENVELOPE)`);
    },
    count: async (q) => (await client.command(`UID SEARCH ${imapSearch(q)}`)).flatMap(foundIn).length,
    mark: async (n, isRead) =>
      void (await client.command(`STORE ${total - n} ${isRead ? "+" : "-"}FLAGS.SILENT (\\Seen)`)),
    close: () => client.close(),
  };
}

function disk(server: Dovecot): Disk {
  const mail = join(server.home, "Maildir");
  const index = join(mail, "xapian-indexes");
  return {
    raw: bytesUnder(join(mail, "cur")) + bytesUnder(join(mail, "new")),
    textIndex: existsSync(index) ? bytesUnder(index) : 0,
    all: bytesUnder(server.home),
  };
}
