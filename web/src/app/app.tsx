import { CSPProvider } from "@base-ui/react/csp-provider";
import { DirectionProvider } from "@base-ui/react/direction-provider";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { SignIn } from "../account/sign-in.tsx";
import { useSignedIn } from "../account/signed-in.ts";
import { Announcements } from "../design/announcements.tsx";
import { Notices } from "../design/notices.tsx";
import { MailScreen } from "./mail-screen.tsx";
import { usePlace } from "./use-place.ts";

/** The operator's, who need not have a mailbox here. */
const AdminScreen = lazy(() => import("../admin/admin-screen.tsx"));

export function App() {
  const isSignedIn = useSignedIn(({ address }) => address !== null);
  const [place] = usePlace();
  const { i18n } = useTranslation();
  return (
    // The content security policy allows no style elements; what they would hold is in our own style sheets.
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={i18n.dir()}>
        <Notices>
          {place.screen === "admin" ? (
            <Suspense>
              <AdminScreen place={place} />
            </Suspense>
          ) : isSignedIn ? (
            <MailScreen />
          ) : (
            <SignIn />
          )}
          <Announcements />
        </Notices>
      </DirectionProvider>
    </CSPProvider>
  );
}
