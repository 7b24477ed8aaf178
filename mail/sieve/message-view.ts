/** What a script can ask of a message and of the place where it runs. Nothing here is read before it is asked for. */
export interface MessageView {
  /** Values of all fields of the name, in order: unfolded, encoded-words decoded, ends trimmed (RFC 5228 §2.4.2.2). */
  header(name: string): readonly string[];
  /** For each field of the name its addresses; a field that holds none that is valid gives its whole text. */
  addresses(name: string): readonly (readonly string[])[];
  /** RFC 5321 §3.3: the reverse-path, empty for none, and the recipients that lead here. */
  envelope: { from: string; to: readonly string[] };
  /** Octets. */
  size: number;
  /** The body as it came, without the header (RFC 5173 §5.1). */
  rawBody(): string;
  /** What a reader reads (RFC 5173 §5.3): of HTML the words. */
  text(): string;
  /** Each part of the body that is text, decoded (RFC 5173 §5.2). */
  bodyParts(): readonly BodyPart[];
}

export interface BodyPart {
  /** `text/plain`, in lower case. */
  type: string;
  text: string;
}

export interface Surroundings {
  /** Milliseconds. */
  now: number;
  folderExists(name: string): boolean;
}

/** What is costly is read once, when it is asked for first. */
export function once<Value>(read: () => Value): () => Value {
  let known: { value: Value } | null = null;
  return () => {
    known ??= { value: read() };
    return known.value;
  };
}
