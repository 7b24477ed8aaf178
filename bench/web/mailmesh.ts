/** Mailmesh, as `npm start` runs it, on a mailbox that was filled before. */

import { freePorts } from "../../tests/support/free-ports.ts";
import { type Service, startService } from "../../tests/support/service.ts";
import { signedIn } from "../../tests/system/chromium.ts";
import { VIEWPORT, type Webmail } from "./webmail.ts";

export interface Mailmesh extends Webmail {
  service: Service;
}

const EMAIL = "alice@mesh.test";

/** `state` is a folder that `npm start` knows as MAILMESH_STATE. */
export async function mailmesh(state: string): Promise<Mailmesh> {
  const [http, smtp, sink] = await freePorts();
  const service = await startService({ after: { state, http, smtp, sink }, env: { RECEIVE_LIMITS: "off" } });
  return {
    ...{ name: "Mailmesh", service, url: `${service.url}/in/inbox` },
    newProfile: async (browser) =>
      browser.newContext({ viewport: VIEWPORT, storageState: await signedIn(service, EMAIL) }),
    isListed: "document.querySelectorAll('#messages li a').length > 5",
    open: (page, row) =>
      page
        .locator("#messages li a")
        .nth(row)
        .click({ position: { x: 30, y: 10 } }),
    isOpened: `(() => {
      const here = location.pathname.split("/").at(-1);
      const shown = document.querySelector("main section[id^=message-]");
      return document.querySelector("#messages a[aria-current=true]")?.pathname.endsWith(here)
        && shown !== null && document.querySelector("main [aria-busy=true]") === null;
    })()`,
    archive: (page) => page.keyboard.press("e"),
    listed: "document.querySelector('#messages li a')?.pathname + document.querySelector('#messages').style.blockSize",
    scroller: "document.querySelector('#messages').parentElement",
    rowsSoFar: "Math.max(0, ...[...document.querySelectorAll('#messages li')].map((row) => row.ariaPosInSet))",
    close: async () => void (await service.stop()),
  };
}
