import { CSPProvider } from "@base-ui/react/csp-provider";
import { DirectionProvider } from "@base-ui/react/direction-provider";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { SignIn } from "../account/sign-in.tsx";
import { useSignedIn } from "../account/signed-in.ts";
import { Announcements } from "../design/announcements.tsx";
import { Notices } from "../design/notices.tsx";
import { Part } from "../design/part.tsx";
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
          <Part>
            {place.screen === "admin" ? <AdminScreen place={place} /> : isSignedIn ? <MailScreen /> : <SignIn />}
          </Part>
          <Announcements />
        </Notices>
      </DirectionProvider>
    </CSPProvider>
  );
}
