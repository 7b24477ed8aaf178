/**
 * What is typed is looked at here before it is sent, by the rules of the mesh itself, because the mesh answers programs:
 * `body.password: Too small: expected string to have >=8 characters`.
 */
import { CreateAccount, Password } from "../../contract/admin.ts";
import { parseAddress, parseDomain } from "../../mail/address/address.ts";
import { inPlainWords } from "./plain-words.ts";
import { ValueError } from "./usage-error.ts";

export function requireDomain(text: string): void {
  const domain = parseDomain(text);
  if (!domain.ok) throw new ValueError(`${quoted(text)} is not a domain name: ${inPlainWords(domain.error)}`);
}

export function requireAddress(text: string): void {
  const address = parseAddress(text);
  if (!address.ok) throw new ValueError(`${quoted(text)} is not an address: ${inPlainWords(address.error)}`);
  if (address.value.domain === null) {
    throw new ValueError(`${quoted(text)} is not an address: ${inPlainWords({ reason: "domain_missing" })}`);
  }
}

export function requirePassword(password: string): void {
  requireLength("The password", password, Password);
}

const SIZE = /^(\d{1,15}(?:\.\d{1,3})?) ?([kmgt]?)i?b?$/i;
const POWERS = ["", "k", "m", "g", "t"];

/** Bytes of `500MB`, `1.5 GB`, `1048576`. Units are powers of 1,024, as those of the limits are. */
export function requireSize(text: string): number {
  const [, number, unit] = SIZE.exec(text) ?? [];
  if (number === undefined) throw new ValueError(`${quoted(text)} is not a size: it looks like 500MB or 20GB`);
  return Math.round(Number(number) * 1024 ** POWERS.indexOf((unit ?? "").toLowerCase()));
}

/** A whole number, as recipients are counted. */
export function requireCount(text: string): number {
  if (!/^\d{1,7}$/.test(text))
    throw new ValueError(`${quoted(text)} is neither a number of recipients, nor stop, nor lift`);
  return Number(text);
}

export function requireName(name: string): void {
  requireLength("The name", name, CreateAccount.shape.name.unwrap());
}

/** zod counts as `length` does, so that what passes here passes there. */
function requireLength(
  what: string,
  { length }: string,
  limits: { minLength: number | null; maxLength: number | null },
) {
  const { minLength, maxLength } = limits;
  if (minLength !== null && length < minLength) {
    throw new ValueError(`${what} must have at least ${minLength} characters; this one has ${length}`);
  }
  if (maxLength !== null && length > maxLength) {
    throw new ValueError(`${what} may have at most ${maxLength} characters; this one has ${length}`);
  }
}

const quoted = (text: string): string => JSON.stringify(text);
