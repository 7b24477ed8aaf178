/** Registers the service worker, and offers a new version of the client when there is one. */
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";

const AN_HOUR = 3_600_000;

/** Once the first screen is there: it must not share the network with what is kept for later. */
export function keepForOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  const register = () => {
    navigator.serviceWorker.register("/service-worker.js", { type: "module" }).then(watch, () => {
      // Private windows refuse it. The client works without; it only does not start offline.
    });
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}

function watch(registration: ServiceWorkerRegistration): void {
  const offer = () => {
    // Without a controller it is the first version, and nothing is old.
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
    const action = { label: i18n.t("app.newVersion.load"), run: () => void loadNewest() };
    notify(i18n.t("app.newVersion.is"), { action, timeout: 0 });
  };
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && offer());
  });
  // It may have been there before this page, which is an old one all the same.
  offer();
  // A browser asks by itself only as a page begins, and this one may be open for weeks. Without a network there is none.
  setInterval(() => registration.update().catch(() => {}), AN_HOUR);
}

/** Loads the page again, as the newest version that the browser has. */
export async function loadNewest(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  if (!registration?.waiting) return location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("take over");
}
