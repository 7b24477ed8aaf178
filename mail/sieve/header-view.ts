/** The header as scripts see it: any field, read when it is asked for, each name once. */
import { parseAddresses } from "../parse/addresses.ts";
import { decodeField, type Field, readAllFields } from "../parse/fields.ts";
import { decodeHeaderText } from "../parse/header-text.ts";
import type { MessageView } from "./message-view.ts";

/** Of one field: no more than what is examined of a whole header. */
const MAX_FIELD = 64 * 1024;

/** `header`: its bytes, with or without the empty line at its end. */
export function viewHeader(header: Uint8Array): Pick<MessageView, "header" | "addresses"> {
  let fields: Field[] | null = null;
  const named = (name: string): Field[] => {
    fields ??= readAllFields(header);
    return fields.filter((field) => field.name === name);
  };
  return {
    header: remembered((name) => named(name).map(({ value }) => decodeHeaderText(decodeField(value, null), MAX_FIELD))),
    addresses: remembered((name) => named(name).map(({ value }) => addressesIn(decodeField(value, null)))),
  };
}

/** An entry without an address is matched by its words, and by no part of them (RFC 5228 §5.1). */
const addressesIn = (field: string): string[] => parseAddresses([field]).map(({ name, email }) => email || name);

function remembered<Value>(read: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const value = known.get(name) ?? read(name);
    known.set(name, value);
    return value;
  };
}
