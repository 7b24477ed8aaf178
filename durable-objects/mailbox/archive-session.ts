/** The capability to bring mail in from files and to take it out: part of an owner's session, or an operator's own. */
import { RpcTarget } from "cloudflare:workers";
import type { CreateImport, Import, ImportSummary } from "../../contract/imports.ts";
import { type ExportPage, type ExportSelection, exportPage } from "./export-messages.ts";
import { addPart, cancelImport, createImport, listImports, partWanted, readImport } from "./imports.ts";
import type { Mailbox } from "./mailbox-database.ts";
import type { SessionHost } from "./mailbox-session.ts";

export class ArchiveSession extends RpcTarget {
  readonly #box: Mailbox;
  readonly #host: Pick<SessionHost, "change">;

  constructor(box: Mailbox, host: Pick<SessionHost, "change">) {
    super();
    this.#box = box;
    this.#host = host;
  }

  createImport(wanted: CreateImport): Import {
    return this.#host.change(() => createImport(this.#box, wanted, Date.now()));
  }

  listImports(): ImportSummary[] {
    return listImports(this.#box);
  }

  readImport(id: string): Import {
    return readImport(this.#box, id);
  }

  /** Whose part it is, and whether it is to be stored. */
  partWanted(id: string, part: number): { user_id: string; wanted: "next" | "here" } {
    return { user_id: this.#box.user_id, wanted: partWanted(this.#box, id, part) };
  }

  addPart(id: string, part: number, size: number): Import {
    return this.#host.change(() => addPart(this.#box, id, part, size, Date.now()));
  }

  cancelImport(id: string): void {
    this.#host.change(() => cancelImport(this.#box, id, Date.now()));
  }

  exportPage(selection: ExportSelection, cursor: string | undefined): ExportPage {
    return exportPage(this.#box, selection, cursor);
  }
}
