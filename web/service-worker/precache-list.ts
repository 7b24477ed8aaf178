/** Tells the service worker which files the build made. Part of the build (vite.config.ts), not of the worker. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const HEADERS = "_headers";
/** What only few readers need is fetched when they do. */
const LEFT_OUT = /^assets\/(?:pdf|postal-mime|ical)/;

export function precacheList(publicFolder: string): Plugin {
  return {
    name: "precache-list",
    generateBundle: {
      // After the pages, which are made of the other files, were written.
      order: "post",
      handler(_options, bundle) {
        const worker = bundle["service-worker.js"];
        if (worker?.type !== "chunk") return this.error("there is no service worker to write the list into");
        const headers = readFileSync(join(publicFolder, HEADERS), "utf8");
        const built = Object.values(bundle)
          .filter(({ fileName }) => fileName !== worker.fileName && !LEFT_OUT.test(fileName))
          .map((file) => entryOf(file.fileName, file.type === "chunk" ? file.code : file.source, headers));
        const copied = readdirSync(publicFolder)
          .filter((name) => name !== HEADERS)
          .map((name) => entryOf(name, readFileSync(join(publicFolder, name))));
        worker.code = worker.code.replace(/\bPRECACHE\b/, JSON.stringify([...built, ...copied]));
      },
    },
  };
}

/** What is in `assets/` has its version in its name. Pages are kept with their policies, and are others under others. */
function entryOf(name: string, content: string | Uint8Array, headers = "") {
  const hash = () => createHash("sha256").update(content).update(headers).digest("hex").slice(0, 16);
  return { url: `/${name}`, revision: name.startsWith("assets/") ? null : hash() };
}
