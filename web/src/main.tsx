import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useSignedIn } from "./account/signed-in.ts";
import { queryClient } from "./api/query-client.ts";
import { App } from "./app/app.tsx";
import { followTheme } from "./design/theme.ts";
import "./design/tokens.css";
import "./design/base.css";
import { openKept } from "./keeping/open-kept.ts";
import { firstLanguage, speak } from "./language/i18n.ts";
import { firstTimeZone, setTimeZone } from "./language/time-zone.ts";
import { keepForOffline } from "./live/keep-for-offline.ts";

followTheme();
setTimeZone(firstTimeZone());
const { address } = useSignedIn.getState();
await Promise.all([speak(firstLanguage()), address === null ? undefined : openKept(address)]);

const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);

if (import.meta.env.PROD) keepForOffline();
