/** Calendar invitations that a message brings along, as what, when, where and who. */
import { lazy } from "react";
import type { Message } from "../../../contract/messages.ts";
import { Part } from "../design/part.tsx";
import { kindOf } from "./kinds.ts";

const Invitation = lazy(() => import("./invitation.tsx"));

/** Larger calendars are no invitations. */
const LARGEST = 512 * 1024;

export function Invitations({ message: { id, attachments } }: { message: Message }) {
  const calendar = attachments.find((attachment) => kindOf(attachment) === "calendar" && attachment.size <= LARGEST);
  if (calendar === undefined) return null;
  return (
    <Part>
      <Invitation id={id} n={calendar.n} />
    </Part>
  );
}
