/** Mailmesh, as `npm start` runs it. */

import { admin } from "../../tests/support/admin-command.ts";
import { freePorts } from "../../tests/support/free-ports.ts";
import { type Service, startService } from "../../tests/support/service.ts";
import { signedIn } from "../../tests/system/chromium.ts";
import { VIEWPORT, type Webmail } from "./webmail.ts";

export interface Mailmesh extends Webmail {
  service: Service;
  rowsSoFar: string;
}

const EMAIL = "alice@mesh.test";

/** `state` is a folder that `npm start` knows as MAILMESH_STATE; it is made. */
export async function fillMailmesh(state: string, mbox: string): Promise<void> {
  const service = await serve(state);
  console.log((await admin(service, "import", EMAIL, mbox)).out);
  await service.stop();
}

/** On a mailbox that was filled before. */
export async function mailmesh(state: string): Promise<Mailmesh> {
  const service = await serve(state);
  return {
    ...{ name: "Mailmesh", service, url: `${service.url}/in/inbox` },
    about: [`Mailmesh as \`npm start\` runs it, node ${process.version}`],
    newProfile: async (browser) =>
      browser.newContext({ viewport: VIEWPORT, storageState: await signedIn(service, EMAIL) }),
    isListed: "document.querySelectorAll('#messages li a').length > 5",
    open: (page, row) =>
      page.locator(`#messages li[aria-posinset="${row + 1}"] a`).click({ position: { x: 30, y: 10 } }),
    opened: `(() => {
      const here = location.pathname.split("/").at(-1);
      const shown = document.querySelector("main section[id^=message-]");
      return document.querySelector("#messages a[aria-current=true]")?.pathname.endsWith(here)
        && shown !== null && document.querySelector("main [aria-busy=true]") === null ? here : null;
    })()`,
    archive: (page) => page.keyboard.press("e"),
    listed: "document.querySelector('#messages li a')?.pathname + document.querySelector('#messages').style.blockSize",
    scroller: "document.querySelector('#messages').parentElement",
    rowHeight: 72,
    rowsSoFar: "Math.max(0, ...[...document.querySelectorAll('#messages li')].map((row) => row.ariaPosInSet))",
    close: async () => void (await service.stop()),
  };
}

async function serve(state: string): Promise<Service> {
  const [http, smtp, sink] = await freePorts();
  return startService({ after: { state, http, smtp, sink }, env: { RECEIVE_LIMITS: "off" } });
}
