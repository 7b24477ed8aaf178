/** Records made of tags, `v=DMARC1; p=none` (RFC 6376 §3.2): DKIM keys, DMARC, MTA-STS and TLS-RPT are all so. */

/** By lower-case name; a part without "=" is under its own text with null. */
export function readTags(record: string): Map<string, string | null> {
  const parts = record.split(";").map((part) => part.trim());
  return new Map(
    parts
      .filter((part) => part !== "")
      .map((part) => {
        const at = part.indexOf("=");
        return at === -1 ? [part, null] : [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
      }),
  );
}
