/** Domains, accounts and aliases: what spans a Domain object and a Mailbox, in steps that can be repeated. */

import type { z } from "zod";
import type { Account, Alias, CreateAccount, Domain, RebuildPage, VerifyPage } from "../../contract/admin.ts";
import { Failure, notFound } from "../../contract/failure.ts";
import { UserId } from "../../contract/ids.ts";
import { DOMAINS_PREFIX, domainKey } from "../../contract/r2-keys.ts";
import { randomId } from "../../contract/random-id.ts";
import type { Sending, SetSending } from "../../contract/sending.ts";
import {
  canonicalLocalPart,
  formatAddress,
  parseAddress,
  parseDomain,
  toUnicodeDomain,
} from "../../mail/address/address.ts";
import type { Env } from "../env.ts";
import { operate } from "./operate.ts";
import { newPassword } from "./password.ts";
import { rebuild } from "./rebuild.ts";

const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

export async function createDomain(env: Env, name: string): Promise<Domain> {
  const domain = requireDomainName(name, "body.name");
  // Objects cannot be listed: this key is the list. It is written first, since after a crash between the two the call
  // can be repeated; a key without a domain behind it is not listed.
  await env.MAIL.put(domainKey(domain), "");
  await env.DOMAIN.getByName(domain).create(domain, Date.now());
  return requireDomain(env, domain);
}

export async function listDomains(env: Env): Promise<Domain[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await env.MAIL.list({ prefix: DOMAINS_PREFIX, ...(cursor === undefined ? {} : { cursor }) });
    names.push(...page.objects.map(({ key }) => key.slice(DOMAINS_PREFIX.length)));
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  const found = await Promise.all(names.map((name) => findDomain(env, name)));
  return found.filter((domain) => domain !== null);
}

/** The domain whose postmaster is the host's own: that of the host's name, or else the first that has an account. */
export async function homeDomain(env: Env): Promise<string | null> {
  const { objects } = await env.MAIL.list({ prefix: DOMAINS_PREFIX, limit: 20 });
  const names = [env.HOSTNAME, ...objects.map(({ key }) => key.slice(DOMAINS_PREFIX.length))];
  for (const name of names) {
    const domain = await findDomain(env, name);
    if (domain !== null && domain.accounts > 0) return name;
  }
  return null;
}

export async function describeDomain(env: Env, name: string) {
  const domain = requireDomainName(name, "param.name");
  const stub = env.DOMAIN.getByName(domain);
  const [described, accounts, aliases] = await Promise.all([
    requireDomain(env, domain),
    stub.listAccounts(),
    stub.listAliases(),
  ]);
  return {
    ...described,
    account_list: accounts.map(({ local_part, user_id, created_at }) => {
      return { user_id: UserId.parse(user_id), email: `${local_part}@${domain}`, created_at: isoTime(created_at) };
    }),
    alias_list: aliases.map(({ local_part, targets }) => ({ email: `${local_part}@${domain}`, targets })),
  };
}

async function requireDomain(env: Env, name: string): Promise<Domain> {
  const domain = await findDomain(env, name);
  if (domain === null) throw notFound("domain");
  return domain;
}

async function findDomain(env: Env, name: string): Promise<Domain | null> {
  const described = await env.DOMAIN.getByName(name).describe();
  if (described === null) return null;
  const { accounts, aliases, created_at } = described;
  return { name, display_name: toUnicodeDomain(name), accounts, aliases, created_at: isoTime(created_at) };
}

export async function createAccount(env: Env, wanted: z.infer<typeof CreateAccount>): Promise<Account> {
  const { local_part, domain } = requireAddress(wanted.email, "body.email");
  const now = Date.now();
  const stub = env.DOMAIN.getByName(domain);
  const user_id = UserId.parse(await stub.reserveAccount(local_part, UserId.parse(`u${randomId(16)}`), now));
  const email = `${local_part}@${domain}`;
  const password = await newPassword(wanted.password);
  await env.MAILBOX.getByName(user_id).create({ user_id, email, name: wanted.name ?? "", password });
  await stub.activateAccount(local_part);
  return { user_id, email, created_at: isoTime(now) };
}

export async function setPassword(env: Env, email: string, password: string): Promise<void> {
  const userId = await requireAccount(env, email);
  await env.MAILBOX.getByName(userId).setPassword(await newPassword(password));
}

export async function setQuota(env: Env, email: string, bytes: number): Promise<void> {
  await operate(env, await requireAccount(env, email), (operator) => operator.setQuota(bytes));
}

export async function setSending(env: Env, email: string, wanted: SetSending): Promise<Sending> {
  return operate(env, await requireAccount(env, email), (operator) => operator.setSending(wanted));
}

export async function verifyAccount(env: Env, email: string, after: number): Promise<VerifyPage> {
  return operate(env, await requireAccount(env, email), (operator) => operator.verify(after));
}

export async function rebuildAccount(env: Env, email: string, after: string): Promise<RebuildPage> {
  return rebuild(env, await requireAccount(env, email), after);
}

/** The user id of the account with this address. Throws `not_found`. */
export async function requireAccount(env: Env, email: string): Promise<string> {
  const { local_part, domain } = requireAddress(email, "param.email");
  return env.DOMAIN.getByName(domain).requireAccount(local_part);
}

export async function putAlias(env: Env, email: string, targets: string[]): Promise<Alias> {
  const { local_part, domain } = requireAddress(email, "param.email");
  const resolved = await Promise.all(targets.map((target, n) => resolveTarget(env, target, n)));
  await env.DOMAIN.getByName(domain).putAlias(local_part, resolved);
  return { email: `${local_part}@${domain}`, targets: resolved.map(({ target }) => target) };
}

/**
 * An account is remembered by its user id; anything else is followed when mail comes, and keeps its capitals, which
 * may mean something to its host (RFC 5321 §2.4).
 */
async function resolveTarget(env: Env, text: string, n: number) {
  const at = `body.targets.${n}`;
  const { local_part, domain, address } = requireAddress(text, at);
  if (local_part === "*") {
    throw new Failure("bad_request", `${text} stands for many addresses, and an alias leads to one or several.`, [
      { at, message: "is a catch-all" },
    ]);
  }
  const user_id = await env.DOMAIN.getByName(domain).findAccount(local_part);
  return { target: user_id === null ? address : `${local_part}@${domain}`, user_id };
}

export async function deleteAlias(env: Env, email: string): Promise<void> {
  const { local_part, domain } = requireAddress(email, "param.email");
  await env.DOMAIN.getByName(domain).deleteAlias(local_part);
}

export function requireDomainName(name: string, at: string): string {
  const domain = parseDomain(name);
  if (domain.ok) return domain.value;
  throw new Failure("bad_request", `${name} is not a domain name.`, [{ at, message: domain.error.reason }]);
}

/** The parts that names are looked up by, and the address as it was written, in its canonical spelling. */
function requireAddress(text: string, at: string): { local_part: string; domain: string; address: string } {
  const parsed = parseAddress(text);
  const domain = parsed.ok ? parsed.value.domain : null;
  if (!parsed.ok || domain === null) {
    const message = parsed.ok ? "has no domain" : parsed.error.reason;
    throw new Failure("bad_request", `${text} is not a valid address.`, [{ at, message }]);
  }
  return { local_part: canonicalLocalPart(parsed.value.local_part), domain, address: formatAddress(parsed.value) };
}
