/** The commands: what each takes, does and prints. */
import type { AdminApi } from "../admin-api.ts";
import { dns, rotateKeys } from "./domain-dns.ts";
import { exportMail } from "./export-mail.ts";
import { importMail } from "./import-mail.ts";
import { rebuild, verify } from "./mailbox-care.ts";
import { askPassword } from "./password.ts";
import { queue, queueDrop, queueRetry } from "./queue.ts";
import { setPolicy } from "./set-policy.ts";
import { setRelay } from "./set-relay.ts";
import { shortAddress, shownAddress, shownDomain } from "./shown.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";
import { requireAddress, requireCount, requireDomain, requireName, requirePassword, requireSize } from "./values.ts";

export const HELP = `Usage: npm run admin -- COMMAND

  create-domain NAME                     take mail for a domain
  create-account EMAIL [--name NAME] [--password PASSWORD]
  set-password EMAIL [--password PASSWORD]
                                         without --password it is asked for, or read from standard input
  set-quota EMAIL SIZE                   500MB, 20GB …; 0 is the deployment's default
  set-sending EMAIL NUMBER|stop|lift     recipients a day, of which 0 is what its age allows; let nothing leave
                                         any more; let mail leave again
  verify EMAIL                           look for anything in a mailbox that does not fit together
  rebuild EMAIL                          read a mailbox's messages into it again from the store
  create-alias EMAIL TARGET…             make an alias, or give it other targets;
                                         '*@domain' takes what no other address of the domain does
  delete-alias EMAIL
  set-relay DOMAIN [URL | --none]        send a domain's mail through a relay of its own, smtp://user:password@host:587,
                                         or send_email: for Cloudflare's; without either, show what is set
  set-policy DOMAIN [--dmarc-reject obey|mark] [--refuse-attachments none|virus,program,…]
                                         what a domain takes from strangers; without either, show what is set
  list [DOMAIN]                          the domains; or the accounts and aliases of one
  dns DOMAIN                             every DNS record to set; npm run doctor looks them up
  rotate-keys DOMAIN [--after HOURS]     make new signing keys, to be published now; they sign 48 hours later
  import EMAIL FILE [--format mbox|tar|zip|eml]
                                         bring mail in: mbox, a Maildir as tar or zip, Gmail Takeout, one .eml
  export EMAIL FILE [--format mbox|zip] [--folder NAME | --query QUERY]
                                         take mail out, everything or a part of it
  queue [DESTINATION]                    what waits to leave, and why; or all that waits for one domain
  queue-retry DESTINATION [ID]           try it now: all of it, or one submission
  queue-drop DESTINATION ID              give a submission up there; its sender is told
  dead-letters                           what could not be processed
  retry ID                               try a dead letter again

The mesh is the local one of npm start (PORT, MAILMESH_STATE), or the one that
MAILMESH_URL and MAILMESH_ADMIN_SECRET name.`;

export interface Options {
  password?: string | undefined;
  name?: string | undefined;
  format?: string | undefined;
  folder?: string | undefined;
  query?: string | undefined;
  none?: boolean | undefined;
  after?: string | undefined;
  "dmarc-reject"?: string | undefined;
  "refuse-attachments"?: string | undefined;
}

export interface Command {
  check: (operands: string[]) => void;
  run: (api: AdminApi, operands: string[], options: Options) => Promise<string[]>;
}

/** The operands are checked before the mesh is looked for, so `run` finds as many as it named, each what it must be. */
function command(
  usage: string,
  [least, most]: [number, number],
  requireOperand: (operand: string) => void,
  run: Command["run"],
): Command {
  const check = (operands: string[]) => {
    if (operands.length < least || operands.length > most) throw new UsageError(`Usage: npm run admin -- ${usage}`);
    for (const operand of operands) requireOperand(operand);
  };
  return { check, run };
}

const anything = () => undefined;

const COMMANDS = new Map<string, Command>([
  ["create-domain", command("create-domain NAME", [1, 1], requireDomain, createDomain)],
  [
    "create-account",
    command("create-account EMAIL [--name NAME] [--password PASSWORD]", [1, 1], requireAddress, createAccount),
  ],
  ["set-password", command("set-password EMAIL [--password PASSWORD]", [1, 1], requireAddress, setPassword)],
  ["set-quota", command("set-quota EMAIL SIZE", [2, 2], anything, setQuota)],
  ["set-sending", command("set-sending EMAIL NUMBER|stop|lift", [2, 2], anything, setSending)],
  ["verify", command("verify EMAIL", [1, 1], requireAddress, verify)],
  ["rebuild", command("rebuild EMAIL", [1, 1], requireAddress, rebuild)],
  ["create-alias", command("create-alias EMAIL TARGET…", [2, 101], requireAddress, createAlias)],
  ["delete-alias", command("delete-alias EMAIL", [1, 1], requireAddress, deleteAlias)],
  ["set-relay", command("set-relay DOMAIN [URL | --none]", [1, 2], anything, setRelay)],
  [
    "set-policy",
    command(
      "set-policy DOMAIN [--dmarc-reject obey|mark] [--refuse-attachments none|virus,program,…]",
      [1, 1],
      requireDomain,
      setPolicy,
    ),
  ],
  ["list", command("list [DOMAIN]", [0, 1], requireDomain, list)],
  ["dns", command("dns DOMAIN", [1, 1], requireDomain, dns)],
  ["rotate-keys", command("rotate-keys DOMAIN [--after HOURS]", [1, 1], requireDomain, rotateKeys)],
  ["import", command("import EMAIL FILE [--format mbox|tar|zip|eml]", [2, 2], anything, importMail)],
  [
    "export",
    command("export EMAIL FILE [--format mbox|zip] [--folder NAME | --query QUERY]", [2, 2], anything, exportMail),
  ],
  ["queue", command("queue [DESTINATION]", [0, 1], requireDomain, queue)],
  ["queue-retry", command("queue-retry DESTINATION [ID]", [1, 2], anything, queueRetry)],
  ["queue-drop", command("queue-drop DESTINATION ID", [2, 2], anything, queueDrop)],
  ["dead-letters", command("dead-letters", [0, 0], anything, deadLetters)],
  ["retry", command("retry ID", [1, 1], anything, retry)],
]);

export function findCommand(name: string): Command {
  const found = COMMANDS.get(name);
  if (found === undefined) throw new UsageError(`Unknown command ${JSON.stringify(name)}`);
  return found;
}

async function createDomain(api: AdminApi, [name = ""]: string[]) {
  const domain = await api.createDomain(name);
  return [`Created ${shownDomain(domain)}`];
}

async function createAccount(api: AdminApi, [email = ""]: string[], { password, name }: Options) {
  if (name !== undefined) requireName(name);
  const account = await api.createAccount({
    email,
    password: await passwordFor(email, password),
    ...(name === undefined ? {} : { name }),
  });
  return [`Created ${shownAddress(account.email)}, user id ${account.user_id}`];
}

async function setPassword(api: AdminApi, [email = ""]: string[], { password }: Options) {
  await api.setPassword(email, await passwordFor(email, password));
  return [`Changed the password of ${shownAddress(email)} and ended its sessions`];
}

async function setQuota(api: AdminApi, [email = "", size = ""]: string[]) {
  requireAddress(email);
  await api.setQuota(email, requireSize(size));
  return [`${shownAddress(email)} may hold ${size === "0" ? "what the deployment allows" : size}`];
}

async function setSending(api: AdminApi, [email = "", wanted = ""]: string[]) {
  requireAddress(email);
  const isChange = wanted === "stop" || wanted === "lift";
  const { daily_recipients, used, is_stopped } = await api.setSending(
    email,
    isChange ? { is_stopped: wanted === "stop" } : { daily_recipients: requireCount(wanted) },
  );
  const limit = daily_recipients === null ? "as many recipients as it likes" : `${daily_recipients} recipients a day`;
  const state = is_stopped ? "may send nothing: it is stopped" : `may write to ${limit}`;
  return [`${shownAddress(email)} ${state}; ${used} were written to today`];
}

async function passwordFor(email: string, given: string | undefined): Promise<string> {
  const password = given ?? (await askPassword(shortAddress(email)));
  requirePassword(password);
  return password;
}

async function createAlias(api: AdminApi, [email = "", ...targets]: string[]) {
  const alias = await api.putAlias(email, targets);
  return [`${shownAddress(alias.email)} → ${alias.targets.map(shownAddress).join(", ")}`];
}

async function deleteAlias(api: AdminApi, [email = ""]: string[]) {
  await api.deleteAlias(email);
  return [`Deleted ${shownAddress(email)}`];
}

async function list(api: AdminApi, [name]: string[]) {
  return name === undefined ? listDomains(api) : listDomain(api, name);
}

async function listDomains(api: AdminApi) {
  const domains = await api.listDomains();
  if (domains.length === 0) return ["No domains yet"];
  const rows = domains.map((one) => [
    shownDomain(one),
    String(one.accounts),
    String(one.aliases),
    dayOf(one.created_at),
  ]);
  return table(["DOMAIN", "ACCOUNTS", "ALIASES", "CREATED"], rows);
}

async function listDomain(api: AdminApi, name: string) {
  const domain = await api.domain(name);
  // The heading has both forms of the domain's name, so that only those of other domains are given here.
  const shownTarget = (target: string) =>
    target.endsWith(`@${domain.name}`) ? shortAddress(target) : shownAddress(target);
  const accounts = domain.account_list.map((one) => [shortAddress(one.email), one.user_id, dayOf(one.created_at)]);
  const aliases = domain.alias_list.map((one) => [shortAddress(one.email), one.targets.map(shownTarget).join(", ")]);
  return [
    shownDomain(domain),
    "",
    ...(accounts.length === 0 ? ["No accounts"] : table(["ACCOUNT", "USER ID", "CREATED"], accounts)),
    "",
    ...(aliases.length === 0 ? ["No aliases"] : table(["ALIAS", "TARGETS"], aliases)),
  ];
}

async function deadLetters(api: AdminApi) {
  const letters = await api.listDeadLetters();
  if (letters.length === 0) return ["No dead letters"];
  const rows = letters.map((one) => [one.id, one.queue, one.died_at, one.reason ?? "", JSON.stringify(one.body)]);
  return table(["ID", "QUEUE", "DIED", "REASON", "WHAT"], rows);
}

async function retry(api: AdminApi, [id = ""]: string[]) {
  await api.retryDeadLetter(id);
  return [`${id} will be tried again`];
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
