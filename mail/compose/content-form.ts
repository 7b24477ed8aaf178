/** What of a file's octets decides how it travels: looked at once, when the file comes, and never again. */
import { isEightBit, isTransparent } from "./bytes.ts";

export interface ContentForm {
  is_eight_bit: boolean;
  is_utf8: boolean;
  /** It may travel unencoded: see bytes.ts. */
  is_transparent: boolean;
}

export function contentForm(content: Uint8Array): ContentForm {
  const is_eight_bit = isEightBit(content);
  return { is_eight_bit, is_utf8: !is_eight_bit || isUtf8(content), is_transparent: isTransparent(content) };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
