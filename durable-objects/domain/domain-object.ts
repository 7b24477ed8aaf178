/**
 * One mail domain: which local part belongs to whom. Named by the domain's A-label form. This class is the RPC surface;
 * the work is in the modules beside it. Local parts come in canonical form (mail/address).
 */
import { DurableObject } from "cloudflare:workers";
import type { UpdateDisposableAlias } from "../../contract/disposable-aliases.ts";
import type { DomainPolicy, SetDomainPolicy } from "../../contract/domain-policy.ts";
import { Failure, notFound } from "../../contract/failure.ts";
import type { UserId } from "../../contract/ids.ts";
import { migrations } from "../../schema/domain/migrations/index.ts";
import * as tables from "../../schema/domain/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { LazyDatabase } from "../open-database.ts";
import { fullLimit } from "../warm-up.ts";
import { activateAccount, findAccount, listAccounts, reserveAccount } from "./accounts.ts";
import { type AliasTarget, aliasesOf, deleteAlias, listAliases, putAlias } from "./aliases.ts";
import {
  createDisposable,
  type DisposableAliasRow,
  deleteDisposable,
  listDisposables,
  updateDisposable,
} from "./disposable-aliases.ts";
import { type PublishedKey, publishedKeys, rotateKeys, type SigningKeys, signingKeys } from "./dkim-keys.ts";
import type { DomainDb } from "./domain-database.ts";
import { createDomain, describeDomain, isMade, relayUrl, setRelayUrl } from "./lifecycle.ts";
import { admitLogin, type LoginAdmission, recordLogin } from "./login-attempts.ts";
import { readPolicy, setPolicy } from "./policy.ts";
import { type Resolution, resolve } from "./resolve.ts";
import { countRecipients, giveBackRecipients } from "./sending-days.ts";

export class DomainObject extends DurableObject<ObjectEnv> {
  readonly #database: LazyDatabase<typeof tables>;
  #isMade = false;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#database = new LazyDatabase(ctx, tables, migrations);
  }

  /** The domain's tables, or null where there is no such domain: tables alone are a making that was cut short. */
  #open(): DomainDb | null {
    const db = this.#database.existing;
    if (!this.#isMade) this.#isMade = db !== null && isMade(db);
    return this.#isMade ? db : null;
  }

  #require(): DomainDb {
    const db = this.#open();
    if (db === null) throw notFound("domain");
    return db;
  }

  /** Makes the domain. Throws `conflict` when it exists. */
  async create(name: string, now: number): Promise<void> {
    const db = await this.#database.create();
    if (this.#open() !== null) throw new Failure("conflict", `The domain ${name} exists already.`);
    createDomain(db, name, now);
  }

  /** Whether it is a domain of this mesh. Costs nothing that grows with it, unlike `describe`. */
  exists(): boolean {
    return this.#open() !== null;
  }

  /** Name and counts, or null where there is no such domain. */
  describe() {
    const db = this.#open();
    return db === null ? null : describeDomain(db);
  }

  /** Who gets mail for this local part, or null when nobody does. `not_our_domain` when the domain is not here. */
  resolve(localPart: string): Resolution | "not_our_domain" | null {
    const db = this.#open();
    return db === null ? "not_our_domain" : resolve(db, localPart);
  }

  policy(): DomainPolicy {
    return readPolicy(this.#require());
  }

  setPolicy(changes: SetDomainPolicy): DomainPolicy {
    return setPolicy(this.#require(), changes);
  }

  /** The relay that this domain has for itself, with its password; null where it has none, or is not here. */
  relayUrl(): string | null {
    const db = this.#open();
    return db === null ? null : relayUrl(db);
  }

  setRelayUrl(url: string | null): void {
    setRelayUrl(this.#require(), url);
  }

  /** The Mailbox without an owner whose outbox carries this domain's forwards. */
  forwarder(): string {
    return describeDomain(this.#require()).forwarder_user_id;
  }

  /** Holds a local part for a new account and names its Mailbox. An interrupted creation gets the same answer again. */
  reserveAccount(localPart: string, candidate: UserId, now: number): UserId {
    return reserveAccount(this.#require(), localPart, candidate, now);
  }

  /** The account's Mailbox exists: from now on mail for it is taken. */
  activateAccount(localPart: string): void {
    activateAccount(this.#require(), localPart);
  }

  requireAccount(localPart: string): UserId {
    const userId = this.findAccount(localPart);
    if (userId === null) throw notFound("account");
    return userId;
  }

  /** The account with this very local part, or null. */
  findAccount(localPart: string): UserId | null {
    const db = this.#open();
    return db === null ? null : findAccount(db, localPart);
  }

  listAccounts() {
    return listAccounts(this.#require());
  }

  putAlias(localPart: string, targets: AliasTarget[]): void {
    putAlias(this.#require(), localPart, targets);
  }

  deleteAlias(localPart: string): void {
    deleteAlias(this.#require(), localPart);
  }

  listAliases() {
    return listAliases(this.#require());
  }

  aliasesOf(userId: string): string[] {
    return aliasesOf(this.#require(), userId);
  }

  /** Addresses that an account gives away. Whose they are is said by the Worker, which asked that account's Mailbox. */
  createDisposable(row: DisposableAliasRow): DisposableAliasRow {
    return createDisposable(this.#require(), row);
  }

  listDisposables(userId: string): DisposableAliasRow[] {
    return listDisposables(this.#require(), userId);
  }

  updateDisposable(userId: string, localPart: string, update: UpdateDisposableAlias): DisposableAliasRow {
    return updateDisposable(this.#require(), userId, localPart, update);
  }

  deleteDisposable(userId: string, localPart: string): void {
    deleteDisposable(this.#require(), userId, localPart);
  }

  /** Counts recipients elsewhere. Throws `sending_limit`. The day they were counted on, or null: they need no counting. */
  countRecipients(wanted: number, now: number): string | null {
    return countRecipients(this.#require(), wanted, fullLimit(this.env.SEND_LIMIT_PER_DAY), now);
  }

  giveBackRecipients(n: number, day: string): void {
    giveBackRecipients(this.#require(), n, day);
  }

  /** Whether this origin may try a password now, and whose. */
  admitLogin(localPart: string, origin: string, now: number): LoginAdmission {
    const db = this.#open();
    return db === null ? { admitted: true, user_id: null } : admitLogin(db, localPart, origin, now);
  }

  /** A login that was admitted succeeded: its charge is given back and its origin is known. */
  recordLogin(localPart: string, origin: string, now: number): void {
    recordLogin(this.#require(), localPart, origin, now);
  }

  /** For the Worker that signs, and for nobody else: the private keys, or null where there is no such domain. */
  async signingKeys(now: number): Promise<SigningKeys | null> {
    const db = this.#open();
    if (db === null) return null;
    return signingKeys(db, now);
  }

  publishedKeys(now: number): Promise<PublishedKey[]> {
    return publishedKeys(this.#require(), now);
  }

  rotateKeys(afterHours: number, now: number): Promise<PublishedKey[]> {
    return rotateKeys(this.#require(), afterHours, now);
  }
}
