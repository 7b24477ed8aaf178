/** A Dovecot of our own: its configuration, its folder and its ports, and nothing of the machine's own service. */
import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../tests/support/free-ports.ts";
import { ImapClient } from "./imap-client.ts";
import { ask, environment, scratchFolder } from "./programs.ts";
import { once } from "./system.ts";

export const USER = "alice@mesh.test";
export const PASSWORD = "demo-password-of-the-bench";

export interface Dovecot {
  /** Of the user, with the mail in it. */
  home: string;
  imap: number;
  lmtp: number;
  config: string;
  hasXapian: boolean;
  logIn(): Promise<ImapClient>;
  stop(): Promise<void>;
}

/** What is not installed of what is needed, by the names of Debian's packages. */
export function missingPackages(): string[] {
  if (ask("dovecot", "--version") === null) return ["dovecot-imapd", "dovecot-lmtpd"];
  const programs = ask("doveconf", "-d", "-h", "libexec_dir") ?? "";
  return ["imap", "lmtp"].filter((name) => !existsSync(join(programs, name))).map((name) => `dovecot-${name}d`);
}

/** `mail` is the folder of the users' homes; left out, their mail goes with the instance. */
export async function startDovecot({ mail }: { mail?: string } = {}): Promise<Dovecot> {
  const scratch = scratchFolder("bench-dovecot");
  const [imap, lmtp] = await freePorts();
  const plugins = ask("doveconf", "-d", "-h", "mail_plugin_dir") ?? "";
  const hasXapian = existsSync(join(plugins, "lib21_fts_xapian_plugin.so"));
  const config = join(scratch.folder, "dovecot.conf");
  const homes = mail ?? join(scratch.folder, "mail");
  mkdirSync(homes, { recursive: true });
  writeFileSync(config, configuration({ folder: scratch.folder, homes, imap, lmtp, hasXapian }));

  const child = spawn("dovecot", ["-F", "-c", config], { env: environment, stdio: "ignore" });
  const kill = () => void child.kill("SIGTERM");
  process.once("exit", kill);
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const stop = once(async () => {
    kill();
    await ended;
    process.off("exit", kill);
    scratch.remove();
  });

  const logIn = async () => {
    const client = await ImapClient.connect(imap);
    await client.command(`LOGIN ${USER} ${PASSWORD}`);
    await client.command("SELECT INBOX");
    return client;
  };
  try {
    const first = await untilReady(logIn, ended);
    await first.close();
  } catch (error) {
    const log = join(scratch.folder, "log");
    const said = existsSync(log) ? readFileSync(log, "utf8") : "it wrote no log";
    await stop();
    throw new Error(`Dovecot did not start: ${said}`, { cause: error });
  }
  return { home: join(homes, USER), ...{ imap, lmtp, config, hasXapian, logIn, stop } };
}

async function untilReady(logIn: () => Promise<ImapClient>, ended: Promise<void>): Promise<ImapClient> {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  for (let tries = 100; ; tries--) {
    try {
      return await logIn();
    } catch (error) {
      if (hasEnded || tries === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

interface Setup {
  folder: string;
  homes: string;
  imap: number;
  lmtp: number;
  hasXapian: boolean;
}

/**
 * As shipped wherever that is possible. Indexing is asked for once after all the mail is there (fts_autoindex=no): it
 * is faster in one go than beside each delivery, for both of its numbers.
 */
function configuration({ folder, homes, imap, lmtp, hasXapian }: Setup): string {
  const [owner, group] = owners();
  if (userInfo().uid === 0) for (const path of [folder, homes]) chownSync(path, Number(owner), Number(group));
  return `
base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
mail_fsync = optimized
mail_max_userip_connections = 0
mail_location = maildir:~/Maildir
mail_plugins =${hasXapian ? " fts fts_xapian" : ""}
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${owner} gid=${group} home=${homes}/%u allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = ${imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtp}
  }
}
plugin {
  fts = xapian
  fts_xapian = partial=3 full=20
  fts_autoindex = no
  fts_enforced = yes
}
${withoutRoot()}`;
}

/** Who serves in root's place, as numbers: root's Dovecot refuses to touch mail as root. */
export function owners(): [string, string] {
  const { uid, gid } = userInfo();
  if (uid !== 0) return [String(uid), String(gid)];
  return [ask("id", "-u", "nobody") ?? "", ask("id", "-g", "nobody") ?? ""];
}

/** Anyone else's Dovecot can become no other user, nor lock itself in. */
function withoutRoot(): string {
  if (userInfo().uid === 0) return "";
  const unlocked = ["anvil", "imap-login", "imap-urlauth-login"].map((name) => `service ${name} {\n  chroot =\n}\n`);
  const [user, group] = [ask("id", "-un"), ask("id", "-gn")];
  return `
default_internal_user = ${user}
default_login_user = ${user}
default_internal_group = ${group}
${unlocked.join("")}`;
}
