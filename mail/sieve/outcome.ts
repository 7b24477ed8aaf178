/** What a script decides, action by action: which go together, how often, and whether the message is kept after all. */
import { parseAddress } from "../address/address.ts";
import { SieveFailure } from "./failure.ts";
import { MAX_ACTIONS, MAX_REDIRECTS } from "./limits.ts";

/** Texts of RFC 5230 with their variables put in. */
export interface VacationAction {
  reason: string;
  /** Null for what the mesh usually takes. */
  days: number | null;
  subject: string | null;
  from: string | null;
  /** Addresses of the owner that the mesh does not know to be the owner's. */
  addresses: string[];
  mime: boolean;
  handle: string | null;
}

export interface FileInto {
  folder: string;
  flags: string[];
  /** RFC 5490 §3.2: make the folder where there is none. */
  create: boolean;
}

export type Action =
  | { action: "keep"; flags: string[] }
  | ({ action: "fileinto" } & FileInto)
  | { action: "redirect"; address: string }
  | { action: "reject"; reason: string }
  | ({ action: "vacation" } & VacationAction)
  /** The script said so, and nothing else keeps the message. */
  | { action: "discard" };

export class Outcome {
  readonly #actions: Action[] = [];
  /** RFC 5228 §2.10.2 */
  #isKept = true;
  #isDiscarded = false;

  keep(flags: string[]): void {
    this.#isKept = false;
    this.#replace({ action: "keep", flags }, ({ action }) => action === "keep");
  }

  discard(): void {
    this.#isKept = false;
    this.#isDiscarded = true;
  }

  fileinto(into: FileInto, isCopy: boolean): void {
    if (!isCopy) this.#isKept = false;
    // RFC 5228 §2.10.3: once in a folder, however often the script says so.
    this.#replace({ action: "fileinto", ...into }, (one) => one.action === "fileinto" && one.folder === into.folder);
  }

  redirect(address: string, isCopy: boolean): void {
    if (!parseAddress(address).ok)
      throw new SieveFailure(`redirect: ${JSON.stringify(address.slice(0, 100))} is no address`);
    if (!isCopy) this.#isKept = false;
    const already = this.#actions.filter((one) => one.action === "redirect");
    if (already.some((one) => one.address.toLowerCase() === address.toLowerCase())) return;
    // RFC 5228 §4.2, §10: a script must not make one message many.
    if (already.length >= MAX_REDIRECTS)
      throw new SieveFailure(`a message is redirected at most ${MAX_REDIRECTS} times`);
    this.#add({ action: "redirect", address });
  }

  reject(reason: string): void {
    if (this.#has("reject")) throw new SieveFailure("a message is rejected once");
    this.#isKept = false;
    this.#add({ action: "reject", reason });
  }

  vacation(vacation: VacationAction): void {
    // RFC 5230 §4.8
    if (this.#has("vacation")) throw new SieveFailure("vacation answers once");
    this.#add({ action: "vacation", ...vacation });
  }

  /** `flags`: those of the internal variable when the script ends, which the implicit keep has (RFC 5232 §5). */
  resolved(flags: string[]): Action[] {
    this.#checkTogether();
    if (this.#isKept) this.keep(flags);
    if (this.#isDiscarded && this.#actions.length === 0) return [{ action: "discard" }];
    return this.#actions;
  }

  /** RFC 5429 §2.3, RFC 5230 §4.7: what is refused is neither kept nor sent on nor answered. */
  #checkTogether(): void {
    if (!this.#has("reject")) return;
    const rival = this.#actions.find(({ action }) => action !== "reject");
    if (rival !== undefined) throw new SieveFailure(`reject and ${rival.action} do not go together`);
  }

  #has(action: Action["action"]): boolean {
    return this.#actions.some((one) => one.action === action);
  }

  #replace(action: Action, isSame: (other: Action) => boolean): void {
    const place = this.#actions.findIndex(isSame);
    if (place < 0) this.#add(action);
    else this.#actions[place] = action;
  }

  #add(action: Action): void {
    if (this.#actions.length >= MAX_ACTIONS) throw new SieveFailure(`a script does at most ${MAX_ACTIONS} things`);
    this.#actions.push(action);
  }
}
