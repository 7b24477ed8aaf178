/** Mailmesh, as `npm start` runs it, on a mailbox that was filled before. */

import { freePorts } from "../../tests/support/free-ports.ts";
import { logIn, type Service, startService } from "../../tests/support/service.ts";
import { VIEWPORT, type Webmail } from "./webmail.ts";

export interface Mailmesh extends Webmail {
  service: Service;
}

/** What the client keeps of who is signed in. */
const known = (name: string, value: string) => ({ name: `mailmesh.${name}`, value });

const EMAIL = "alice@mesh.test";

/** `state` is a folder that `npm start` knows as MAILMESH_STATE. */
export async function mailmesh(state: string): Promise<Mailmesh> {
  const [http, smtp, sink] = await freePorts();
  const service = await startService({ after: { state, http, smtp, sink }, env: { RECEIVE_LIMITS: "off" } });
  return {
    ...{ name: "Mailmesh", service, url: `${service.url}/in/inbox` },
    newProfile: async (browser) => {
      const { token, user_id } = await logIn(service, EMAIL);
      const cookie = { name: "__Host-mailmesh", value: token, domain: "127.0.0.1", path: "/", expires: -1 };
      const storageState = {
        cookies: [{ ...cookie, httpOnly: true, secure: true, sameSite: "Strict" as const }],
        origins: [{ origin: service.url, localStorage: [known("address", EMAIL), known("user_id", user_id)] }],
      };
      return browser.newContext({ viewport: VIEWPORT, storageState });
    },
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
