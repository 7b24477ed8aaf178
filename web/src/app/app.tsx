import { CSPProvider } from "@base-ui/react/csp-provider";
import { DirectionProvider } from "@base-ui/react/direction-provider";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { SignIn } from "../account/sign-in.tsx";
import { useSignedIn } from "../account/signed-in.ts";
import { Announcements } from "../design/announcements.tsx";
import { Notices } from "../design/notices.tsx";
import { Part } from "../design/part.tsx";
import { useScreen } from "./address-bar.ts";
import { MailScreen } from "./mail-screen.tsx";

/** The operator's, who need not have a mailbox here. */
const AdminScreen = lazy(() => import("../admin/admin-screen.tsx"));

export function App() {
  const isSignedIn = useSignedIn(({ address }) => address !== null);
  const isAdmin = useScreen() === "admin";
  const { i18n } = useTranslation();
  return (
    // The content security policy allows no style elements; what they would hold is in our own style sheets.
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={i18n.dir()}>
        <Notices>
          <Part>{isAdmin ? <AdminScreen /> : isSignedIn ? <MailScreen /> : <SignIn />}</Part>
          <Announcements />
        </Notices>
      </DirectionProvider>
    </CSPProvider>
  );
}
