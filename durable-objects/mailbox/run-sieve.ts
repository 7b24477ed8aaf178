/**
 * The active Sieve script at a delivery: asked in its transaction, of mail that is for the inbox. What it decides becomes
 * a place, marks, and follow-ups, and the owner's filters then see the message as it left it.
 */
import { inflateRawSync } from "node:zlib";
import type { NewFollowUp } from "../../contract/follow-ups.ts";
import { MAX_KEYWORDS } from "../../contract/limits.ts";
import { parseAddresses } from "../../mail/parse/addresses.ts";
import { viewHeader } from "../../mail/sieve/header-view.ts";
import { type BodyPart, type MessageView, once } from "../../mail/sieve/message-view.ts";
import { type Action, runScript } from "../../mail/sieve/run-script.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { mayForward } from "./forward-loops.ts";
import type { Examination, Letter } from "./letter.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { folderFinder, folderNamed, makeFolderNamed } from "./sieve-folders.ts";
import { type ActiveScript, activeProgram, setLastError } from "./sieve-scripts.ts";
import { vacationReply } from "./vacation.ts";

export interface SieveEffect {
  folder_ids: number[];
  is_read: boolean;
  is_flagged: boolean;
  keywords: string[];
  follow_ups: NewFollowUp[];
}

/** Null: there is no script. `refused`: its sender, who listens, hears so. */
export function runSieve(box: Mailbox, letter: Letter): SieveEffect | "refused" | null {
  const { examination } = letter;
  // What the mesh itself wrote was not examined: its owner has to see it.
  const script = examination ? activeProgram(box) : null;
  if (!examination || script === null) return null;
  const { actions, error } = runScript(script.program, viewOf(letter, examination), {
    now: letter.received_at,
    folderExists: folderFinder(box),
  });
  if (error !== null) tell(box, script, error, letter.received_at);
  if (actions.some(({ action }) => action === "reject") && letter.is_alone) return "refused";
  return effectOf(actions, { box, letter, examination, script });
}

function tell(box: Mailbox, { name }: ActiveScript, message: string, now: number): void {
  setLastError(box.db, { script: name, message, at: new Date(now).toISOString() });
}

/** RFC 5173 §5.1, relaxed: of the body there is the decoded text here, so :raw looks at that. */
function viewOf(letter: Letter, { header }: Examination): MessageView {
  const { content, return_path, delivered_to, size } = letter;
  const read = (bytes: Uint8Array | null) => (bytes === null ? "" : inflateRawSync(bytes).toString("utf8"));
  // A script may ask a thousand times.
  const text = once(() => read(content.text));
  const parts = once((): BodyPart[] => [
    ...(content.text === null ? [] : [{ type: "text/plain", text: text() }]),
    ...(content.html === null ? [] : [{ type: "text/html", text: read(content.html) }]),
  ]);
  return {
    ...viewHeader(header),
    envelope: { from: return_path, to: delivered_to },
    size,
    rawBody: once(() =>
      parts()
        .map((part) => part.text)
        .join("\n"),
    ),
    text,
    bodyParts: parts,
  };
}

interface Context {
  box: Mailbox;
  letter: Letter;
  examination: Examination;
  script: ActiveScript;
}

function effectOf(actions: readonly Action[], context: Context): SieveEffect {
  const places = actions.flatMap((action) => placeOf(action, context) ?? []);
  const flags = new Set(places.flatMap((place) => place.flags));
  // Redirected, answered or thrown away: it is in the trash, read, since what was acknowledged is never lost.
  const isKept = places.length > 0;
  return {
    folder_ids: isKept ? [...new Set(places.map(({ folder }) => folder))] : [ROLE_ID.trash],
    is_read: !isKept || flags.has("\\Seen"),
    is_flagged: flags.has("\\Flagged"),
    keywords: [...flags].filter((flag) => !flag.startsWith("\\")).slice(0, MAX_KEYWORDS),
    follow_ups: actions.flatMap((action) => followUpOf(action, context) ?? []),
  };
}

/** A folder that is not there, and may not be made, is the inbox, and the owner is told (RFC 5228 §4.1). */
function placeOf(action: Action, { box, letter, script }: Context): { folder: number; flags: string[] } | null {
  if (action.action === "keep") return { folder: ROLE_ID.inbox, flags: action.flags };
  if (action.action !== "fileinto") return null;
  const { folder: name, flags, create } = action;
  const folder = create ? makeFolderNamed(box, name, letter.received_at) : folderNamed(box, name);
  if (folder === null)
    tell(box, script, `there is no folder ${JSON.stringify(name.slice(0, 200))}`, letter.received_at);
  return { folder: folder ?? ROLE_ID.inbox, flags };
}

function followUpOf(action: Action, { box, letter, examination, script }: Context): NewFollowUp | null {
  switch (action.action) {
    case "redirect":
      return mayForward(box, examination.header) ? { kind: "forward", to: action.address } : null;
    case "reject":
      // The sender listens no more, or has been told of others that they have it. Whom it is not certain to be from
      // gets nothing: it may be forged (RFC 5429 §2.2).
      return examination.authentication?.sender === "verified" && letter.return_path !== ""
        ? { kind: "reject", to: letter.return_path, reason: action.reason }
        : null;
    case "vacation": {
      const { reason, days, subject, addresses, mime, handle } = action;
      // Whether it is an address of the owner is asked of the Domain, when the answer is composed.
      const [from = null] = action.from === null ? [] : parseAddresses([action.from]);
      // RFC 5230 §4.2: without a handle, notices with other words are other notices.
      const words = handle ?? `${script.name}:${subject ?? ""}:${reason}`.slice(0, 500);
      const notice = {
        handle: `sieve:${words}`,
        days: days ?? 7,
        subject,
        body: reason,
        is_mime: mime,
        addresses,
        from,
      };
      return vacationReply(box, letter, notice);
    }
    default:
      return null;
  }
}
