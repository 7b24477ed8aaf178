/**
 * Lines of `Name: value`, as they stand in headers and in the machine-readable parts of reports (RFC 3464 §2.1, RFC 5965
 * §3): groups of fields with empty lines between them. Reads any of them; work is linear in the text, memory bounded.
 */

export interface FieldLine {
  /** Lower case. */
  name: string;
  /** Unfolded (RFC 5322 §2.2.3) and trimmed. */
  value: string;
}

const MAX_VALUE = 8192;
const MAX_FIELDS_OF_GROUP = 1000;

/** The groups in their order, none of them empty, at most `limit`. Lines that are no field are passed over. */
export function readFieldGroups(text: string, limit: number): FieldLine[][] {
  const groups: FieldLine[][] = [];
  let group: FieldLine[] = [];
  for (const line of linesOf(text)) {
    if (line.trim() === "") {
      if (group.length > 0) groups.push(group);
      if (groups.length >= limit) return groups;
      group = [];
    } else {
      takeLine(group, line);
    }
  }
  return group.length > 0 ? [...groups, group] : groups;
}

function takeLine(group: FieldLine[], line: string): void {
  const last = group.at(-1);
  if (/^[ \t]/.test(line)) {
    if (last && last.value.length < MAX_VALUE) last.value = `${last.value} ${line.trim()}`.trim().slice(0, MAX_VALUE);
    return;
  }
  const colon = line.indexOf(":");
  if (colon <= 0 || colon > 100 || group.length >= MAX_FIELDS_OF_GROUP) return;
  const name = line.slice(0, colon).trim().toLowerCase();
  if (/^[\x21-\x7e]+$/.test(name))
    group.push({
      name,
      value: line
        .slice(colon + 1)
        .trim()
        .slice(0, MAX_VALUE),
    });
}

/** One after the other, so that what is not asked for is not split. */
export function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, text[stop - 1] === "\r" ? stop - 1 : stop);
    start = stop + 1;
  }
}

export const first = (fields: readonly FieldLine[], name: string): string | null =>
  fields.find((field) => field.name === name)?.value ?? null;

export const all = (fields: readonly FieldLine[], name: string): string[] =>
  fields.filter((field) => field.name === name).map(({ value }) => value);
