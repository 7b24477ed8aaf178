/** What a message that comes in reports of one that was sent, if it is a report (mail/report/). */
import { readReport } from "../../mail/report/read-report.ts";
import type { Report } from "../../mail/report/report.ts";

/** No message is known that it throws for. If one is found, it must be delivered all the same, and not be put off for ever. */
export function reportIn(mailFrom: string, bytes: Uint8Array): Report | null {
  try {
    return readReport(mailFrom, bytes);
  } catch (error) {
    console.error("a message could not be looked through for a report", error);
    return null;
  }
}
