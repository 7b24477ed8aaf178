/** Files sent up in parts, as a browser does it. */
import { MAX_UPLOAD_PART_BYTES } from "../../contract/limits.ts";
import { Upload } from "../../contract/uploads.ts";
import { ok } from "./api-answers.ts";
import { type Account, fetchMesh } from "./mesh.ts";

export const begin = (account: Account, upload: object): Promise<Upload> =>
  ok(account.call("POST", "/uploads", upload), Upload, 201);

export const putPart = (account: Account, id: string, offset: number, bytes: Uint8Array | string): Promise<Response> =>
  fetchMesh(`/v1/uploads/${id}?offset=${offset}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${account.token}`, "content-type": "application/octet-stream" },
    body: bytes,
  });

/** The whole file, in parts of this size. */
export async function upload(
  account: Account,
  file: Uint8Array,
  { part = MAX_UPLOAD_PART_BYTES, ...fields }: { part?: number; filename?: string; content_type?: string } = {},
): Promise<Upload> {
  let state = await begin(account, { filename: "file.bin", size: file.byteLength, ...fields });
  while (!state.is_complete) {
    const { id, received } = state;
    state = await ok(putPart(account, id, received, file.subarray(received, received + part)), Upload);
  }
  return state;
}
