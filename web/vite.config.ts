/** How the browser client is built: `npm run build:web`, or `npm run dev:web` beside a running `npm start`. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { firstScreen } from "./first-screen.ts";
import { precacheList } from "./service-worker/precache-list.ts";

/** Where `npm start` answers, for the development server. */
const SERVICE = process.env.MAILMESH_URL ?? "http://127.0.0.1:8787";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precacheList(`${import.meta.dirname}/public`)],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // Everything is a file: the content security policy allows no script or style that stands in a page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The first screen is one file (first-screen.ts), and may weigh 250 kB compressed.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // The frame of a message's HTML is a page of its own, under a policy of its own (public/_headers).
      input: {
        main: `${import.meta.dirname}/index.html`,
        letter: `${import.meta.dirname}/letter.html`,
        "service-worker": `${import.meta.dirname}/service-worker/service-worker.ts`,
      },
      // A service worker answers for what is below its own address.
      output: {
        entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
        codeSplitting: {
          groups: [{ debugName: "first screen", name: firstScreen(`${import.meta.dirname}/src/main.tsx`) }],
        },
      },
    },
  },
  server: { proxy: { "/v1": { target: SERVICE, ws: true, changeOrigin: false } } },
});
