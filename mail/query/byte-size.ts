/** Sizes as people write them: `500`, `500k`, `5M`, `1.5GB`. A kilobyte has 1024 bytes, as in Gmail. */

const SIZE = /^(\d{1,16}(?:\.\d{1,3})?)(b|[kmg]i?b?)?$/iu;
const FACTORS: Record<string, number> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** In bytes. */
export function parseByteSize(text: string): number | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  const factor = FACTORS[(match[2] ?? "").charAt(0).toLowerCase()] ?? 1;
  return Math.min(Math.round(Number(match[1]) * factor), Number.MAX_SAFE_INTEGER);
}
