/** What the web beyond the mesh answers in a test, and what was asked of it. */
import { env } from "cloudflare:workers";
import type { Asked, Page } from "../support/outside-web.ts";

const CONTROL = "http://control.outside.test/";

const outside = (): Fetcher => {
  if (env.OUTSIDE === undefined) throw new Error("vitest.config.ts binds OUTSIDE");
  return env.OUTSIDE;
};

let count = 0;
/** A host of its own. */
export const aHost = (): string => `h${++count}-${crypto.randomUUID().slice(0, 8)}.example`;

/** From now on `url` answers so. */
export async function outsideAnswers(
  url: string,
  page: Omit<Page, "url" | "body"> & { body?: string | Uint8Array },
): Promise<void> {
  const body = Buffer.from(page.body ?? "").toString("base64");
  const told = await outside().fetch(CONTROL, {
    method: "PUT",
    body: JSON.stringify({ ...page, body, url: new URL(url).href }),
  });
  if (!told.ok) throw new Error(await told.text());
}

/** All that was asked of a host so far. */
export const askedOf = async (host: string): Promise<Asked[]> =>
  (await outside().fetch(`${CONTROL}?host=${host}`)).json<Asked[]>();

/** An answer whose body broke off meanwhile: who does not want to read it is told so. */
export const brokenOff = (init: ResponseInit): Response => {
  const cancel = () => Promise.reject(new Error("it broke off"));
  return new Response(new ReadableStream({ cancel }), init);
};
