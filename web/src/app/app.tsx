import { CSPProvider } from "@base-ui/react/csp-provider";
import { SignIn } from "../account/sign-in.tsx";
import { useSignedIn } from "../account/signed-in.ts";
import { Notices } from "../design/notices.tsx";
import { MailScreen } from "./mail-screen.tsx";

export function App() {
  const isSignedIn = useSignedIn(({ address }) => address !== null);
  return (
    // The content security policy allows no style elements; what they would hold is in our own style sheets.
    <CSPProvider disableStyleElements>
      <Notices>{isSignedIn ? <MailScreen /> : <SignIn />}</Notices>
    </CSPProvider>
  );
}
