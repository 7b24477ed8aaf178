/** The values that a test compares: of header, envelope, body, variables, flags, dates. */
import { splitTag } from "../address/address.ts";
import { parseDate } from "../parse/date.ts";
import { datePartOf, offsetIn } from "./date-parts.ts";
import { flagsIn } from "./flags.ts";
import type { MessageView } from "./message-view.ts";
import type { AddressPart, FieldIndex, Source, Zone } from "./program.ts";
import type { Run } from "./run-script.ts";

export function valuesOf(source: Source, run: Run): readonly string[] {
  const { message, variables } = run;
  switch (source.of) {
    case "header":
      return source.names.flatMap((name) => picked(message.header(run.fieldName(name)), source.index));
    case "address":
      return source.names
        .flatMap((name) => picked(message.addresses(run.fieldName(name)), source.index))
        .flatMap((addresses) => addresses.flatMap((address) => partOf(address, source.part)));
    case "envelope":
      return source.parts.flatMap((part) => envelopeValues(message, variables.expand(part), source.part));
    case "body":
      if (source.as === "content")
        return partsOf(
          message,
          source.types.map((type) => variables.expand(type)),
        );
      return [source.as === "raw" ? message.rawBody() : message.text()];
    case "string":
      return source.texts.map((text) => variables.expand(text));
    case "flags":
      return source.variables === null ? run.flags : source.variables.flatMap((name) => flagsIn([variables.get(name)]));
    case "date": {
      const [field] = picked(message.header(run.fieldName(source.name)), source.index ?? { index: 1, from_end: false });
      return field === undefined ? [] : dateValues(field, source);
    }
    case "currentdate":
      return [datePartOf({ time: run.surroundings.now, offset: offsetFor(source.zone, "") }, source.date_part)];
  }
}

/** RFC 5260 §6.1 */
function picked<Value>(values: readonly Value[], index: FieldIndex | null): readonly Value[] {
  if (index === null) return values;
  const value = values.at(index.from_end ? -index.index : index.index - 1);
  return value === undefined || index.index > values.length ? [] : [value];
}

/** None where the address has no such part: RFC 5233 §4 for a detail, RFC 5228 §5.1 for what is no address. */
function partOf(address: string, part: AddressPart): string[] {
  if (part === "all") return [address];
  const at = address.lastIndexOf("@");
  if (at <= 0 || at === address.length - 1) return [];
  const localPart = address.slice(0, at);
  if (part === "localpart") return [localPart];
  if (part === "domain") return [address.slice(at + 1)];
  const [user, detail] = splitTag(localPart);
  if (part === "user") return [user];
  return detail === null ? [] : [detail];
}

function envelopeValues({ envelope }: MessageView, name: string, part: AddressPart): string[] {
  switch (name.toLowerCase()) {
    case "from":
      // RFC 5228 §5.4: the null reverse-path is empty, whatever part of it is asked for.
      return envelope.from === "" ? [""] : partOf(envelope.from, part);
    case "to":
      return envelope.to.flatMap((address) => partOf(address, part));
    default:
      return [];
  }
}

/** RFC 5173 §5.2: a type alone has all its subtypes, and an empty one every part. */
function partsOf(message: MessageView, types: readonly string[]): string[] {
  const wanted = types.map((type) => type.toLowerCase());
  const isWanted = (type: string) =>
    wanted.some((one) => one === "" || (one.includes("/") ? one === type : type.startsWith(`${one}/`)));
  return message.bodyParts().flatMap(({ type, text }) => (isWanted(type) ? [text] : []));
}

/** The mesh has no place on earth: its own zone is UTC. */
const offsetFor = (zone: Zone, field: string): number =>
  zone === "original" ? offsetIn(field) : zone === "local" ? 0 : zone;

/** RFC 5260 §4: a date that cannot be read matches nothing. Received has it behind its last semicolon. */
function dateValues(field: string, { zone, date_part }: { zone: Zone; date_part: string }): string[] {
  const text = field.slice(field.lastIndexOf(";") + 1);
  const time = parseDate(text);
  return time === null ? [] : [datePartOf({ time, offset: offsetFor(zone, text) }, date_part)];
}
