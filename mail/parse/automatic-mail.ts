/** Mail that no person wrote to this person alone, told by its header: nobody waits for an answer to it. */
import { fieldText } from "./fields.ts";
import { readStructure } from "./structure.ts";

const LIST_FIELDS = ["list-id", "list-post", "list-unsubscribe"];

/** Null for a letter. `header`: the message, or as much of it as has its header. */
export function whyAutomatic(header: Uint8Array): "list" | "automatic" | null {
  const { fields, type } = readStructure(header).root;
  const value = (name: string) => (fieldText(fields, name) ?? "").trim().toLowerCase();
  // RFC 2369, RFC 2919; Precedence is older than both and never was a standard (RFC 2076 §3.9).
  if (LIST_FIELDS.some((name) => value(name) !== "") || /^(?:bulk|list|junk)\b/.test(value("precedence")))
    return "list";
  // RFC 3834 §5. RFC 8098 §3: a receipt is never answered by one.
  const submitted = value("auto-submitted");
  if ((submitted !== "" && !submitted.startsWith("no")) || type.value === "multipart/report") return "automatic";
  return null;
}
