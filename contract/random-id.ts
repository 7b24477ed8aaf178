/** Random ids in Crockford's base32: no letters that are mistaken for digits, one case. */
export const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";

/** `length` characters of 5 random bits each. */
export function randomId(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => BASE32[byte & 31]).join("");
}
