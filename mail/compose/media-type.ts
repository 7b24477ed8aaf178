/** The media type that an uploader claims for a file (RFC 2045 §5.1): parsed and written anew, never copied through. */
import { withoutControls } from "./header-text.ts";
import type { Parameter } from "./parameters.ts";

export interface MediaType {
  /** In lower case, such as `image/png`. */
  type: string;
  parameters: Parameter[];
}

/** RFC 2046 §4.5.1: for octets of which nothing is known. */
export const OCTET_STREAM: MediaType = { type: "application/octet-stream", parameters: [] };

/** RFC 6838 §4.2 allows 127 characters on either side of the slash; with a few parameters this is ample. */
const MAX_CHARACTERS = 1000;

const TYPE = /^\s*([a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126})\s*(?:;|$)/i;
const PARAMETER = /;\s*([a-z0-9!#$&^_.+-]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/gi;

/** What does not read as a media type is an octet stream. `name` goes: the file's name is written from the file. */
export function parseMediaType(claimed: string): MediaType {
  const text = withoutControls(claimed);
  const type = text.length > MAX_CHARACTERS ? undefined : TYPE.exec(text)?.[1]?.toLowerCase();
  if (type === undefined) return OCTET_STREAM;
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, token = ""] of text.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (key !== "name" && !parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? token);
  }
  return { type, parameters: [...parameters] };
}
