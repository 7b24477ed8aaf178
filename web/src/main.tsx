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
const { user_id } = useSignedIn.getState();
await Promise.all([speak(firstLanguage()), user_id === null ? undefined : openKept(user_id)]);

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
