/** Runs in Node before the tests in workerd, which see no files: gives them the corpus over HTTP. */
import { createServer } from "node:http";
import type { TestProject } from "vitest/node";
import { corpus } from "./corpus.ts";

declare module "vitest" {
  interface ProvidedContext {
    corpusUrl: string;
  }
}

/** `GET /?every=20`: each twentieth message, in base64; from the third on with `from=2`, and of `kind=ham` alone. */
export default async function setup(project: TestProject): Promise<() => void> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? "/", "http://corpus").searchParams;
    const [every, from, kind] = [Number(query.get("every")), Number(query.get("from") ?? 0), query.get("kind")];
    const some = corpus()
      .filter(({ name }) => kind === null || (kind === "ham") === name.includes("ham"))
      .filter((_, n) => n % every === from);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(some.map(({ raw }) => raw.toString("base64"))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  project.provide("corpusUrl", `http://127.0.0.1:${port}`);
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
