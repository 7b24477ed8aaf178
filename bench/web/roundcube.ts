/** Roundcube as Debian has it, before a Dovecot with the same mail. */
import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Browser } from "playwright-core";
import { PASSWORD, startDovecot, USER } from "../peers/dovecot-instance.ts";
import { ask, run } from "../peers/programs.ts";
import { until } from "./marks.ts";
import { startRoundcube } from "./roundcube-instance.ts";
import { VIEWPORT, type Webmail } from "./webmail.ts";

/** What was moved away stays in the page, unseen. */
const ROWS = "#messagelist tr.message:not([style*='display: none'])";

/** `homes` is made, and only if all went well. */
export async function fillDovecot(homes: string, mbox: string): Promise<void> {
  const unfinished = `${homes}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  // Dovecot reads and locks it as somebody else where it is root's.
  for (const path of [mbox, dirname(mbox)]) chmodSync(path, 0o777);
  const server = await startDovecot({ mail: unfinished });
  const source = `mbox:${dirname(mbox)}:INBOX=${mbox}:INDEX=MEMORY`;
  await run("doveadm", ["-c", server.config, "-o", "mail_fsync=never", "import", "-u", USER, source, "", "ALL"]);
  await server.stop();
  renameSync(unfinished, homes);
}

export async function roundcube(homes: string): Promise<Webmail> {
  const instance = await startRoundcube(homes);
  const url = `${instance.url}/?_task=mail&_mbox=INBOX`;
  const isListed = `document.querySelectorAll("${ROWS}").length > 5`;
  return {
    ...{ name: "Roundcube", url, isListed },
    about: [
      `Roundcube ${versionOf("roundcube-core")} with PHP ${ask("php", "-r", "echo PHP_VERSION;")} in Apache, on Dovecot ${ask("dovecot", "--version")}`,
      "with opcache, its own .htaccess, the caches of IMAP indexes and of messages; the list without threads, as shipped",
      "its list comes in pages of 50, so there is nothing to scroll through; it asks for what is new every 60 s",
    ],
    newProfile: async (browser) => browser.newContext({ viewport: VIEWPORT, storageState: await signedIn(browser) }),
    // Left of it is the mark of what is unread, which a click turns.
    open: (page, row) =>
      page
        .locator(ROWS)
        .nth(row)
        .click({ position: { x: 150, y: 15 } }),
    opened: `(() => {
      const uid = rcmail.message_list.get_single_selection();
      const shown = document.querySelector("#messagecontframe").contentDocument;
      const isWhole = shown?.readyState === "complete" && shown.querySelector("#messagebody") !== null;
      return isWhole && new URLSearchParams(shown.location.search).get("_uid") === String(uid) ? uid : null;
    })()`,
    archive: (page) => page.locator("#toolbar-menu a.archive").click(),
    // What comes after them is filled up later.
    listed: `[...document.querySelectorAll("${ROWS}")].slice(0, 10).map((row) => row.id).join()`,
    scroller: "document.querySelector('#messagelist-content')",
    rowHeight: 54,
    close: instance.stop,
  };

  async function signedIn(browser: Browser) {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    await page.goto(url);
    await page.locator("#rcmloginuser").fill(USER);
    await page.locator("#rcmloginpwd").fill(PASSWORD);
    await page.locator("#rcmloginsubmit").click();
    await page.locator("#messagelist").waitFor();
    await until(page, isListed);
    const state = await context.storageState();
    await context.close();
    return state;
  }
}

const versionOf = (name: string) => ask("dpkg-query", "-W", "-f", `\${Version}`, name) ?? "of unknown version";
