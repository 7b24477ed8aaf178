/**
 * Keeps the client's own files in the browser, so that it starts without a network. It answers for nothing else: mail is
 * kept by the page, which knows whose it is and forgets it at signing out.
 */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: ServiceWorkerGlobalScope;
/** Written by the build (precache-list.ts). */
declare const PRECACHE: PrecacheEntry[];

cleanupOutdatedCaches();
precacheAndRoute(PRECACHE);
// The screens, which are all one page. What the Worker answers itself (API, unsubscribing, metrics) is none of them.
const screens = [/^\/$/, /^\/(?:in|search|settings|admin)(?:\/|$)/];
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { allowlist: screens }));

self.addEventListener("message", ({ data }) => {
  // The reader was asked: whoever is writing does not lose the page under his hands.
  if (data === "take over") void self.skipWaiting();
});
