/** Modified UTF-7 (RFC 3501 §5.1.3), in which Maildir++ folders have their names. */

/** What is not well-formed stays as it is: a name with an ampersand is still a name. */
export function decodeModifiedUtf7(text: string): string {
  return text.replaceAll(/&([A-Za-z0-9+,]*)-/g, (whole, coded: string) => {
    if (coded === "") return "&";
    const binary = atobOrNull(coded.replaceAll(",", "/"));
    if (binary === null || binary.length % 2 !== 0) return whole;
    let decoded = "";
    for (let at = 0; at < binary.length; at += 2) {
      decoded += String.fromCharCode(binary.charCodeAt(at) * 256 + binary.charCodeAt(at + 1));
    }
    return decoded.isWellFormed() ? decoded : whole;
  });
}

function atobOrNull(base64: string): string | null {
  try {
    return atob(base64);
  } catch {
    return null;
  }
}
