/** `/v1/imports` and `/v1/export`: mail from files, and mailboxes as files. The same routes for owners and operators. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context, Next } from "hono";
import { createMiddleware } from "hono/factory";
import { Failure } from "../../contract/failure.ts";
import { ImportId } from "../../contract/ids.ts";
import { CreateImport, ExportQuery, Import, ImportList, PartNumber } from "../../contract/imports.ts";
import { MAX_IMPORT_PART_BYTES } from "../../contract/limits.ts";
import { importPartKey } from "../../contract/r2-keys.ts";
import { requireAccount } from "../accounts/accounts.ts";
import { operate } from "../accounts/operate.ts";
import { exportMbox, exportZip, type Pages } from "../archive/export-archive.ts";
import type { Env } from "../env.ts";
import { readBounded } from "../inbound/read-bounded.ts";
import { lend } from "../lend.ts";
import { type ApiEnv, type ArchiveCapability, body, json, noContent, problems, resource } from "./api-env.ts";

/** An owner brings in and takes out what is theirs. */
export const ownersArchive = createMiddleware<ApiEnv>(async (c, next) => {
  await withArchive(c, c.var.session.archive(), next);
});

/** An operator does it for an account, by its address. */
export const operatorsArchive = createMiddleware<ApiEnv>(async (c, next) => {
  const userId = await requireAccount(c.env, c.req.param("email") ?? "");
  await operate(c.env, userId, (operator) => withArchive(c, operator.archive(), next));
});

const withArchive = (c: Context<ApiEnv>, archive: ArchiveCapability, next: Next): Promise<void> =>
  lend(archive, async (lent) => {
    c.set("archive", lent);
    await next();
  });

/** Parts of the path in front: an operator's has the account's address. */
type Owner = Record<string, z.ZodString>;

export function importRoutes(owner: Owner) {
  const imports = resource();
  const ofImport = z.object({ ...owner, id: z.string() });

  imports.openapi(
    createRoute({
      method: "post",
      path: "/",
      summary: "Begin to import a file: its parts follow",
      request: { params: z.object(owner), body: body(CreateImport) },
      responses: { 201: json(Import, "The import"), ...problems },
    }),
    async (c) => c.json(Import.parse(await c.var.archive.createImport(c.req.valid("json"))), 201),
  );

  imports.openapi(
    createRoute({
      method: "get",
      path: "/",
      summary: "Imports, newest first",
      request: { params: z.object(owner) },
      responses: { 200: json(ImportList, "The imports, without their reports"), ...problems },
    }),
    async (c) => c.json({ imports: await c.var.archive.listImports() }, 200),
  );

  imports.openapi(
    createRoute({
      method: "get",
      path: "/{id}",
      summary: "How far an import is, and what it could not read",
      request: { params: ofImport },
      responses: { 200: json(Import, "The import"), ...problems },
    }),
    async (c) => c.json(Import.parse(await c.var.archive.readImport(idOf(c.req.param("id")))), 200),
  );

  imports.openapi(
    createRoute({
      method: "put",
      path: "/{id}/parts/{n}",
      summary: "The file's next bytes. Sending a part again changes nothing; with the last one the import begins",
      request: {
        params: z.object({ ...owner, id: z.string(), n: z.string() }),
        body: { required: true, content: { "application/octet-stream": { schema: z.string() } } },
      },
      responses: { 200: json(Import, "The import: `next_part` is what to send next"), ...problems },
    }),
    async (c) => {
      const n = PartNumber.safeParse(c.req.param("n"));
      if (!n.success) throw new Failure("not_found", "A part has a number.");
      return c.json(await takePart(c.env, c.var.archive, idOf(c.req.param("id")), n.data, c.req.raw.body), 200);
    },
  );

  imports.openapi(
    createRoute({
      method: "delete",
      path: "/{id}",
      summary: "Cancel an import; what it brought in stays",
      request: { params: ofImport },
      responses: noContent,
    }),
    async (c) => {
      await c.var.archive.cancelImport(idOf(c.req.param("id")));
      return c.body(null, 204);
    },
  );
  return imports;
}

function idOf(text: string): ImportId {
  const id = ImportId.safeParse(text);
  if (!id.success) throw new Failure("not_found", "There is no such import.");
  return id.data;
}

async function takePart(
  env: Env,
  archive: ArchiveCapability,
  id: ImportId,
  n: number,
  stream: ReadableStream<Uint8Array> | null,
): Promise<Import> {
  const { user_id, wanted } = await archive.partWanted(id, n);
  if (wanted === "here") return Import.parse(await archive.readImport(id));
  const bytes = stream === null ? new Uint8Array() : await readBounded(stream, MAX_IMPORT_PART_BYTES);
  if (bytes === null) {
    throw new Failure("request_too_large", `A part has at most ${MAX_IMPORT_PART_BYTES} bytes.`);
  }
  if (bytes.byteLength === 0) throw new Failure("bad_request", "A part has at least one byte.");
  const key = importPartKey(user_id, id, n);
  // The same part sent twice at once is stored once: the file must not change under who reads it.
  const stored = await env.MAIL.put(key, bytes, { onlyIf: { etagDoesNotMatch: "*" } });
  const size = stored?.size ?? (await env.MAIL.head(key))?.size;
  if (size !== bytes.byteLength) throw new Failure("conflict", "This part came before, with another size.");
  return Import.parse(await archive.addPart(id, n, size));
}

export function exportRoutes(owner: Owner) {
  const exports = resource();
  exports.openapi(
    createRoute({
      method: "get",
      path: "/",
      summary: "A folder, what a search finds, or everything, as mbox or as a zip of .eml",
      request: { params: z.object(owner), query: ExportQuery },
      responses: {
        200: { description: "The file", content: { "application/octet-stream": { schema: z.string() } } },
        ...problems,
      },
    }),
    async (c) => {
      const { format, ...selection } = c.req.valid("query");
      // The file goes out after this handler has returned, and the caller's capability with it.
      const archive = (await c.var.archive).dup();
      const pages: Pages = {
        next: (cursor) => archive.exportPage(selection, cursor),
        end: () => archive[Symbol.dispose](),
      };
      const file = await (format === "zip" ? exportZip : exportMbox)(c.env, pages);
      return new Response(file, {
        headers: {
          "content-type": format === "zip" ? "application/zip" : "application/mbox",
          "content-disposition": `attachment; filename="mail.${format}"`,
          "cache-control": "private, no-store",
          "x-content-type-options": "nosniff",
        },
      });
    },
  );
  return exports;
}
