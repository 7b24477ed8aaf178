/** No statement reads more than its answer needs: each finds its rows by an index. Those of a search are in search-plans.test.ts. */
import { describe, expect, it } from "vitest";
import { ListSubmissions } from "../../contract/submissions.ts";
import { readContent } from "../../workers/storage/read-content.ts";
import { changesSince } from "./change-log.ts";
import { rememberCorrespondents } from "./correspondents.ts";
import { exportPage } from "./export-messages.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { impersonationWarnings } from "./impersonation.ts";
import { whichAreHere } from "./import-messages.ts";
import type { Letter } from "./letter.ts";
import { listMessages } from "./list-messages.ts";
import { cursorOf, firstIdAt, folderIdOf, threadIdOf } from "./object-ids.ts";
import { nextDue, takeDue } from "./outbox.ts";
import { Placing } from "./placement.ts";
import { plansOf, slow } from "./query-plans.test-support.ts";
import { readThread } from "./read-threads.ts";
import { takeReport } from "./reports.ts";
import { retrySchedule } from "./retry-schedule.ts";
import { listSubmissions } from "./submission-views.ts";
import { findSuppressed, listSuppressions } from "./suppressions.ts";
import { joinThread } from "./threads.ts";
import { expiredUploads, nextExpiry } from "./uploads.ts";

const STRANGER = 'From: "Jane Doe" <jane@knnown.example.far.example>\r\nIn-Reply-To: <x@y.example>\r\n\r\nHi';

const page = (more = {}) => ({ limit: 50, ...more });
const inFolder = (id: number, more = {}) => plansOf((box) => void listMessages(box, folderIdOf(box, id), page(more)));

describe("the statement of", () => {
  it("a report finds its message by the indexes of both tables, and the list of suppressed addresses is its key", async () => {
    const report = {
      ...{ kind: "failure" as const, recipients: [], original_message_id: "a@x", original_mail_from: null },
    };
    const plans = await plansOf((box) => {
      takeReport(box, { report, delivered_to: ["alice@a.test"], received_at: 0 });
      listSuppressions(box, page());
      findSuppressed(box, ["a@far.example", "b@far.example"]);
    });
    expect(plans).toContain(
      "SEARCH message USING COVERING INDEX message_by_rfc_message_id (rfc_message_id=? AND fingerprint=?)",
    );
    expect(plans).toContain("SEARCH submission USING INDEX submission_of_message (message_id=?)");
    expect(plans.filter((step) => /^SEARCH suppression USING PRIMARY KEY/.test(step))).toHaveLength(2);
    expect(slow(plans)).toEqual([]);
  });

  it("a folder's list walks its primary key and stops at the page's end", async () => {
    for (const more of [{}, { is_read: true }]) {
      const plans = await inFolder(ROLE_ID.inbox, more);
      expect(plans).toContain("SEARCH folder_message USING PRIMARY KEY (folder_id=? AND message_id<?)");
      expect(slow(plans)).toEqual([]);
    }
    const plans = await plansOf((box) => {
      listMessages(box, folderIdOf(box, ROLE_ID.inbox), page({ cursor: cursorOf(box, firstIdAt(1_000_000)) }));
    });
    expect(slow(plans)).toEqual([]);
  });

  it("the unread list walks the unread ones alone", async () => {
    const plans = await inFolder(ROLE_ID.inbox, { is_read: false });
    expect(plans).toContain("SEARCH unread USING PRIMARY KEY (folder_id=? AND message_id<?)");
    expect(slow(plans)).toEqual([]);
  });

  it("the flagged view walks the index of flagged ones, that of all the messages themselves", async () => {
    const flagged = await inFolder(ROLE_ID.flagged);
    expect(flagged.join("\n")).toMatch(/SEARCH message USING (COVERING )?INDEX message_flagged/);
    expect(slow(flagged)).toEqual([]);
    const all = await inFolder(ROLE_ID.all);
    expect(all).toContain("SEARCH message USING INTEGER PRIMARY KEY (rowid<?)");
    expect(slow(all)).toEqual([]);
  });

  it("a thread's page walks the index of its messages", async () => {
    const plans = await plansOf((box) => {
      expect(() => readThread(box, threadIdOf(box, 5), 50, undefined)).toThrow("no such thread");
      expect(() => readThread(box, threadIdOf(box, 5), 50, cursorOf(box, 7))).toThrow("no such thread");
    });
    expect(plans.join("\n")).toMatch(/SEARCH message USING INDEX message_in_thread \(thread_id=\?\)/);
    expect(plans.join("\n")).toMatch(/SEARCH message USING INDEX message_in_thread \(thread_id=\? AND id>\?\)/);
    expect(slow(plans)).toEqual([]);
  });

  it("the message that another refers to is found by its Message-ID", async () => {
    const content = { ...(await readContent(new Uint8Array())), subject: "Re: Lunch", rfc_message_id: "e@f" };
    const joining = { content: { ...content, in_reply_to: "a@b", references: ["c@d"] }, delivered_to: ["x@y"] };
    const plans = await plansOf((box) => {
      joinThread(box, 1, { ...joining, received_at: Date.now() }, new Placing(box.db));
    });
    expect(plans.join("\n")).toMatch(/SEARCH message USING INDEX message_by_rfc_message_id \(rfc_message_id=\?\)/);
    expect(plans.join("\n")).toMatch(/SEARCH awaited_parent USING PRIMARY KEY \(rfc_message_id=\?\)/);
    expect(slow(plans).filter((step) => !/SCAN message_index VIRTUAL TABLE INDEX \d+:M8/.test(step))).toEqual([]);
  });

  it("a message of an archive is looked for by its Message-ID and its bytes together", async () => {
    for (const rfc_message_id of ["a@b", null]) {
      const identity = {
        rfc_message_id,
        fingerprint: "0",
        exact_fingerprint: "1",
        has_identity: true,
        received_at: null,
        size: 1,
      };
      const plans = await plansOf((box) => void whichAreHere(box, [identity]));
      expect(plans.join("\n")).toMatch(/INDEX message_by_rfc_message_id \(rfc_message_id=\? AND fingerprint=\?\)/);
      expect(slow(plans)).toEqual([]);
    }
  });

  it("a page of an export walks the folder, or the messages, from where the last one ended", async () => {
    const folder = await plansOf(
      (box) => void exportPage(box, { folder: folderIdOf(box, ROLE_ID.inbox) }, cursorOf(box, 7)),
    );
    expect(folder).toContain("SEARCH folder_message USING PRIMARY KEY (folder_id=? AND message_id>?)");
    const all = await plansOf((box) => void exportPage(box, {}, cursorOf(box, 7)));
    expect(all).toContain("SEARCH message USING INTEGER PRIMARY KEY (rowid>?)");
    for (const plans of [folder, all]) expect(slow(plans).filter((step) => step !== "SCAN folder")).toEqual([]);
  });

  it("whether somebody is imitated comes from the indexes of those who are known", async () => {
    const letter: Letter = {
      ...{ content: await readContent(new TextEncoder().encode(STRANGER)), delivered_to: ["alice@a.test"] },
      ...{
        return_path: "",
        raw_key: "k",
        added_fields: "",
        size: 1,
        received_at: 1,
        fingerprint: "f",
        repeat_window: 1,
      },
      examination: {
        ...{ authentication: null, warnings: [], attachment_scan: null, list_unsubscribe: null },
        ...{ spam_signs: null, link_hosts: ["a.example", "b.example"], header: new Uint8Array() },
      },
    };
    const plans = await plansOf((box) => {
      rememberCorrespondents(
        box.db,
        ["jane@known.example"],
        { to: [{ name: "Jane Doe", email: "jane@known.example" }], cc: [], bcc: [] },
        1,
      );
      impersonationWarnings(box, letter);
    });
    expect(slow(plans)).toEqual([]);
    for (const index of ["correspondent_by_name", "correspondent_by_domain", "message_by_rfc_message_id"])
      expect(plans.join("\n")).toContain(index);
  });

  it("what is due, and when the next is, comes from the index of what is not finished", async () => {
    for (const plans of [
      await plansOf(({ db }) => void takeDue(db, retrySchedule({}), 1)),
      await plansOf(({ db }) => void nextDue(db)),
    ]) {
      expect(plans.join("\n")).toMatch(/SEARCH submission USING (COVERING )?INDEX submission_due/);
      expect(slow(plans)).toEqual([]);
    }
  });

  it("which uploads expired, and when the next does, comes from their index, without the others", async () => {
    const plans = await plansOf((box) => {
      nextExpiry(box.db);
      expiredUploads(box.db, 1);
    });
    expect([...new Set(plans)]).toEqual([
      "SEARCH upload USING COVERING INDEX upload_expires",
      "SEARCH upload USING INDEX upload_expires (expires_at<?)",
    ]);
  });

  it("the submissions that wait come from that index too, and a page of all of them is a walk by id", async () => {
    const list = (more: Partial<ListSubmissions>) =>
      plansOf((box) => {
        const page = ListSubmissions.parse({ cursor: cursorOf(box, firstIdAt(1_000_000)), ...more });
        expect(listSubmissions(box, page)).toEqual({ submissions: [], next_cursor: null });
      });
    const open = await list({ state: "open" });
    // What waits is sorted by id: it is as long as what waits, not as what was ever sent.
    expect(open).toContain("SEARCH submission USING INDEX submission_due (next_attempt_at>?)");
    expect(slow(open)).toEqual(["USE TEMP B-TREE FOR ORDER BY"]);
    for (const state of ["all", "failed"] as const) {
      const plans = await list({ state });
      expect(plans).toContain("SEARCH submission USING INTEGER PRIMARY KEY (rowid<?)");
      expect(slow(plans)).toEqual([]);
    }
    expect((await list({ state: "failed" })).join("\n")).toMatch(/SEARCH r USING PRIMARY KEY \(submission_id=\?\)/);
  });

  it("the changes since a state reads them alone", async () => {
    const plans = await plansOf((box) => void changesSince(box, 0));
    expect(plans).toContain("SEARCH change USING INTEGER PRIMARY KEY (rowid>?)");
    // The one row after another is `folder`: an account has a few hundred of them at most.
    expect(slow(plans).filter((step) => step !== "SCAN folder" && !step.startsWith("SEARCH change"))).toEqual([]);
  });
});
