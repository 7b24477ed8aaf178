/**
 * Debian's Postfix as a smarthost: submission with STARTTLS and AUTH, and mail for one domain handed on to a port of this
 * machine. A configuration, a queue and an end of its own; nothing of /etc/postfix is used. Needs root, as Postfix does.
 */
import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { scriptedPeersCertificates } from "../smtp-peers/trust.ts";
import { freePorts } from "../support/free-ports.ts";

const run = promisify(execFile);

export interface Postfix {
  port: number;
  user: string;
  password: string;
  /** What it logged. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

const REALM = "relay.example";

/** `routes`: by domain, the port that its mail is handed on to. */
export async function startPostfix(routes: Record<string, number>): Promise<Postfix> {
  if (process.getuid?.() !== 0) throw new Error("Postfix is started by root alone: run the system tests as root");
  const folder = await mkdtemp(join(tmpdir(), "mailmesh-postfix-"));
  const [port] = await freePorts();
  const [user, password] = ["mesh", "pass word/of the relay"];
  // Its daemons run as the user postfix, and want to pass through.
  await chmod(folder, 0o755);
  for (const name of ["etc", "etc/sasl", "spool", "data"]) await mkdir(join(folder, name), { mode: 0o755 });
  await run("chown", ["postfix", join(folder, "data")]);
  const { cert, key } = (await scriptedPeersCertificates()).trusted;
  await writeFile(join(folder, "etc/relay.pem"), `${key}\n${cert}`, { mode: 0o600 });
  await addUser(join(folder, "etc/sasl"), user, password);
  await writeFile(join(folder, "etc/main.cf"), mainCf(folder, routes));
  await writeFile(join(folder, "etc/master.cf"), masterCf(port));
  const postfix = (...command: string[]) => run("postfix", ["-c", join(folder, "etc"), ...command]);
  const log = () => readFile(join(folder, "mail.log"), "utf8").catch(() => "");
  try {
    await postfix("start");
  } catch (error) {
    throw new Error(`Postfix does not start:\n${await log()}`, { cause: error });
  }
  // A test that fails before it stops its Postfix must not leave it behind.
  const abort = () => void spawnSync("postfix", ["-c", join(folder, "etc"), "abort"]);
  process.once("exit", abort);
  return {
    ...{ port, user, password, log },
    async stop() {
      process.off("exit", abort);
      await postfix("stop");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The password in Cyrus SASL's own database: no daemon besides. Debian's Postfix looks for the settings in the folder
 * `sasl` beside its main.cf, whatever cyrus_sasl_config_path says.
 */
async function addUser(folder: string, user: string, password: string): Promise<void> {
  const database = join(folder, "sasldb2");
  const adding = run("saslpasswd2", ["-c", "-p", "-f", database, "-u", REALM, user]);
  adding.child.stdin?.end(password);
  await adding;
  await run("chown", ["postfix", database]);
  const settings = ["pwcheck_method: auxprop", "auxprop_plugin: sasldb", "mech_list: PLAIN LOGIN"];
  await writeFile(join(folder, "smtpd.conf"), [...settings, `sasldb_path: ${database}`, ""].join("\n"));
}

const mainCf = (folder: string, routes: Record<string, number>): string =>
  [
    "compatibility_level = 3.6",
    `myhostname = ${REALM}`,
    `queue_directory = ${folder}/spool`,
    `data_directory = ${folder}/data`,
    `maillog_file = ${folder}/mail.log`,
    `maillog_file_prefixes = ${folder}`,
    "inet_interfaces = 127.0.0.1",
    "inet_protocols = ipv4",
    "smtp_dns_support_level = disabled",
    "smtp_host_lookup = native",
    // Nobody lives here: all mail goes on.
    "mydestination =",
    "alias_maps =",
    "local_recipient_maps =",
    "smtpd_relay_restrictions = permit_sasl_authenticated, reject",
    `transport_maps = inline:{ ${routesIn(routes)} }`,
    "smtpd_tls_security_level = may",
    "smtpd_tls_auth_only = yes",
    `smtpd_tls_chain_files = ${folder}/etc/relay.pem`,
    "smtpd_sasl_auth_enable = yes",
    "smtpd_sasl_type = cyrus",
    `smtpd_sasl_local_domain = ${REALM}`,
    "",
  ].join("\n");

const routesIn = (routes: Record<string, number>): string =>
  Object.entries(routes)
    .map(([domain, port]) => `{ ${domain} = smtp:[127.0.0.1]:${port} }`)
    .join(", ");

/** The services that taking mail, handing it on and bouncing it need; none in a chroot. */
const masterCf = (port: number): string =>
  [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    "cleanup unix n - n - 0 cleanup",
    "qmgr unix n - n 300 1 qmgr",
    "tlsmgr unix - - n 1000? 1 tlsmgr",
    "rewrite unix - - n - - trivial-rewrite",
    "bounce unix - - n - 0 bounce",
    "defer unix - - n - 0 bounce",
    "trace unix - - n - 0 bounce",
    "verify unix - - n - 1 verify",
    "flush unix n - n 1000? 0 flush",
    "proxymap unix - - n - - proxymap",
    "smtp unix - - n - - smtp",
    "relay unix - - n - - smtp",
    "error unix - - n - - error",
    "retry unix - - n - - error",
    "discard unix - - n - - discard",
    "anvil unix - - n - 1 anvil",
    "scache unix - - n - 1 scache",
    "postlog unix-dgram n - n - 1 postlogd",
    "",
  ].join("\n");
