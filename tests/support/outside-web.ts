/**
 * The web beyond the mesh, as the tests have it: the binding OUTSIDE. A test says what an address answers, and hears
 * what was asked of it; see tests/workers/outside.ts. Test files share it: each uses host names of its own.
 */
import { setTimeout as wait } from "node:timers/promises";

/** Where it is told and asked. No test's own host. */
const CONTROL = "control.outside.test";

export interface Page {
  url: string;
  status?: number;
  headers?: Record<string, string>;
  /** In base64. */
  body?: string;
  delayMs?: number;
}

export interface Asked {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

const pages = new Map<string, Page>();
const asked: Asked[] = [];

/** What OUTSIDE answers. Of an address that nobody spoke of it knows nothing. */
export async function outsideWeb(request: Request): Promise<Response> {
  const { hostname } = new URL(request.url);
  if (hostname === CONTROL) return control(request);
  asked.push({
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
  const page = pages.get(request.url);
  if (page === undefined) return new Response(null, { status: 404 });
  await wait(page.delayMs ?? 0);
  const { status = 200, headers = {}, body = "" } = page;
  const isNull = status === 204 || status === 304;
  return new Response(isNull ? null : Buffer.from(body, "base64"), { status, headers });
}

/** PUT a page; GET what was asked of a host. */
async function control(request: Request): Promise<Response> {
  if (request.method === "PUT") {
    // The test's own words: tests/workers/outside.ts writes them.
    const page = (await request.json()) as Page;
    pages.set(page.url, page);
    return new Response(null, { status: 204 });
  }
  const host = new URL(request.url).searchParams.get("host");
  return Response.json(asked.filter(({ url }) => new URL(url).host === host));
}
