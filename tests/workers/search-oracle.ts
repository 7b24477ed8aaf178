/**
 * A search by looking at everything: what each query means, said without the product's parser, folding and SQL. A query
 * is made together with its meaning, so nothing here reads the language.
 */
import type { ParsedMessage } from "../../mail/parse/parsed-message.ts";

export interface Doc {
  id: string;
  parsed: ParsedMessage;
  received: number;
  size: number;
  folders: string[];
  is_read: boolean;
  is_flagged: boolean;
  /** Delivered to another address of the owner's. */
  isTagged: boolean;
}

export interface Asked {
  text: string;
  holds: (doc: Doc) => boolean;
  /** Whether the query looks into a folder, which lets it see trash and junk; and whether its opposite does. */
  names_folder: boolean;
  opposite_names_folder: boolean;
}

export function answer(docs: Doc[], asked: Asked): string[] {
  const isSeen = (doc: Doc) => asked.names_folder || !doc.folders.some((name) => name === "trash" || name === "junk");
  const found = docs.filter((doc) => asked.holds(doc) && isSeen(doc));
  return found.sort((a, b) => b.received - a.received).map(({ id }) => id);
}

const HIDDEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/gu;
const ALONE = /(\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul})/u;

/** The words of a text, as people compare them: without case, width and accents. */
export function wordsOf(text: string): string[] {
  const folded = text.toWellFormed().normalize("NFKC").toLowerCase().replace(HIDDEN, "").replaceAll("ß", "ss");
  const plain = folded
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/gu, "")
    .normalize("NFC");
  const runs = plain.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return runs.flatMap((run) => run.split(ALONE).filter((word) => word !== ""));
}

const memo = new WeakMap<Doc, Map<string, string>>();

/** The words of a field, with a space on each side. */
function fieldOf(doc: Doc, field: keyof typeof FIELDS): string {
  const known = memo.get(doc) ?? new Map<string, string>();
  memo.set(doc, known);
  const found = known.get(field) ?? ` ${wordsOf(FIELDS[field](doc.parsed)).join(" ")} `;
  known.set(field, found);
  return found;
}

const people = (addresses: { name: string; email: string }[]) =>
  addresses.map(({ name, email }) => `${name} ${email}`).join("\n");

const FIELDS = {
  from: ({ from }: ParsedMessage) => people(from === null ? [] : [from]),
  to: (parsed: ParsedMessage) => people(parsed.to),
  cc: (parsed: ParsedMessage) => people(parsed.cc),
  bcc: (parsed: ParsedMessage) => people(parsed.bcc),
  subject: (parsed: ParsedMessage) => parsed.subject,
  filename: (parsed: ParsedMessage) => parsed.attachments.map(({ filename }) => filename).join("\n"),
  list: (parsed: ParsedMessage) => parsed.list_id ?? "",
  body: (parsed: ParsedMessage) => parsed.text.slice(0, 256 * 1024),
};
export type Field = keyof typeof FIELDS;
const ALL_FIELDS = Object.keys(FIELDS) as Field[];

/** A filter that is no folder. */
export const filter = (text: string, holds: Asked["holds"]): Asked => ({
  ...{ text, holds, names_folder: false, opposite_names_folder: false },
});

export function words(field: Field | null, said: string, isBeginning = false): Asked {
  const fields: Field[] = field === null ? ALL_FIELDS : field === "to" ? ["to", "cc", "bcc"] : [field];
  const sought = ` ${wordsOf(said).join(" ")}${isBeginning ? "" : " "}`;
  const value = isBeginning ? said : `"${said}"`;
  return filter(field === null ? value : `${field}:${value}`, (doc) =>
    fields.some((one) => fieldOf(doc, one).includes(sought)),
  );
}

export const inFolder = (name: string, holds: Asked["holds"]): Asked => ({
  ...{ text: `in:${name}`, holds, names_folder: true, opposite_names_folder: false },
});

export const not = (asked: Asked): Asked => ({
  text: `-(${asked.text})`,
  holds: (doc) => !asked.holds(doc),
  names_folder: asked.opposite_names_folder,
  opposite_names_folder: asked.names_folder,
});

export const all = (parts: Asked[]): Asked => ({
  text: parts.map(({ text }) => `(${text})`).join(" "),
  holds: (doc) => parts.every((part) => part.holds(doc)),
  names_folder: parts.some((part) => part.names_folder),
  opposite_names_folder: parts.some((part) => part.opposite_names_folder),
});

export const any = (parts: Asked[], isBraced: boolean): Asked => ({
  ...all(parts),
  text: isBraced
    ? `{${parts.map(({ text }) => `(${text})`).join(" ")}}`
    : parts.map(({ text }) => `(${text})`).join(" OR "),
  holds: (doc) => parts.some((part) => part.holds(doc)),
});
