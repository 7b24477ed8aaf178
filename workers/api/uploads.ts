/**
 * `/v1/uploads`: files on their way into messages. Each part is a request of its own with the part's bytes as its body,
 * since that is what a browser's fetch can do everywhere: it sends a slice of a file from the disk, says how far it is,
 * and after a cut asks where to go on.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Failure } from "../../contract/failure.ts";
import { UploadId } from "../../contract/ids.ts";
import { MAX_UPLOAD_PART_BYTES, MIN_UPLOAD_PART_BYTES } from "../../contract/limits.ts";
import { uploadPartKey } from "../../contract/r2-keys.ts";
import { randomId } from "../../contract/random-id.ts";
import { CreateUpload, Upload, UploadOffset } from "../../contract/uploads.ts";
import { readBounded } from "../inbound/read-bounded.ts";
import { readParts, storeUploadedFile, type TakeFile } from "../storage/uploaded-file.ts";
import { type ApiEnv, body, json, noContent, problems, resource } from "./api-env.ts";

export const uploads = resource();

const id = z.object({ id: UploadId });

uploads.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Begin to upload a file: its bytes follow",
    request: { body: body(CreateUpload) },
    responses: { 201: json(Upload, "The upload"), ...problems },
  }),
  async (c) => c.json(Upload.parse(await c.var.session.createUpload(c.req.valid("json"))), 201),
);

uploads.openapi(
  createRoute({
    method: "get",
    path: "/{id}",
    summary: "How much of a file is here",
    request: { params: id },
    responses: { 200: json(Upload, "The upload"), ...problems },
  }),
  async (c) => c.json(Upload.parse(await c.var.session.readUpload(c.req.valid("param").id)), 200),
);

uploads.openapi(
  createRoute({
    method: "put",
    path: "/{id}",
    summary: "The file's next bytes. Sending them again changes nothing; with the last ones the file may be attached",
    request: {
      params: id,
      query: UploadOffset,
      body: { required: true, content: { "application/octet-stream": { schema: z.string() } } },
    },
    responses: { 200: json(Upload, "The upload: `received` is where the next part begins"), ...problems },
  }),
  async (c) => c.json(await takePart(c, c.req.valid("param").id, c.req.valid("query").offset), 200),
);

uploads.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "Forget an upload; messages that took the file keep it",
    request: { params: id },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.deleteUpload(c.req.valid("param").id);
    return c.body(null, 204);
  },
);

async function takePart(c: Context<ApiEnv>, uploadId: UploadId, offset: number): Promise<Upload> {
  const { session, user_id } = c.var;
  const take: TakeFile = (file) => session.finishUpload(uploadId, file);
  const putTogether = async () =>
    storeUploadedFile(c.env, user_id, uploadId, await readParts(c.env, await session.uploadedParts(uploadId)), take);

  const { state, upload } = await session.wantedPart(uploadId, offset);
  if (state === "whole") return putTogether();
  if (state === "here") return upload;
  const bytes = await readPart(c.req.raw.body, upload);
  // Most files come in one part: then nothing is stored on the way.
  if (bytes.byteLength === upload.size) return storeUploadedFile(c.env, user_id, uploadId, bytes, take);
  const key = uploadPartKey(user_id, uploadId, offset, randomId(6));
  await c.env.MAIL.put(key, bytes);
  const added = await session.addUploadPart(uploadId, offset, { key, size: bytes.byteLength });
  if (!added.is_taken) await c.env.MAIL.delete(key);
  return added.state === "whole" ? putTogether() : added.upload;
}

async function readPart(
  stream: ReadableStream<Uint8Array> | null,
  { size, received }: Upload,
): Promise<Uint8Array<ArrayBuffer>> {
  const missing = size - received;
  const bytes = stream === null ? new Uint8Array() : await readBounded(stream, MAX_UPLOAD_PART_BYTES);
  if (bytes === null) {
    throw new Failure("request_too_large", `A part has at most ${MAX_UPLOAD_PART_BYTES} bytes.`);
  }
  if (bytes.byteLength > missing) {
    throw new Failure("bad_request", `The file was to have ${size} bytes: ${missing} are missing, and more came.`, [
      { at: "body", message: `${bytes.byteLength} bytes` },
    ]);
  }
  if (bytes.byteLength < Math.min(missing, MIN_UPLOAD_PART_BYTES)) {
    throw new Failure("bad_request", `A part but the last has at least ${MIN_UPLOAD_PART_BYTES} bytes.`, [
      { at: "body", message: `${bytes.byteLength} bytes` },
    ]);
  }
  return bytes;
}
