/**
 * Whether somebody is signed in, as far as this browser knows. The login itself is in a cookie that scripts cannot read,
 * so the address is kept, to show it; whoever is not signed in here is not asked about at the server.
 */
import { create } from "zustand";
import type { Session } from "../../../contract/sessions.ts";
import { forgetUpdates } from "../acting/queue-store.ts";
import { call, callAs, SIGNED_OUT } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { forgetKept, stopKeeping } from "../keeping/keep-mail.ts";
import { openKept } from "../keeping/open-kept.ts";
import { remembered, rememberWord } from "../keeping/remembered.ts";

const ADDRESS = "mailmesh.address";
const USER = "mailmesh.user_id";

interface SignedIn {
  /** As it was typed: for showing. One person has several, and a person may be given another's. */
  address: string | null;
  /** By which what is kept here is told apart. */
  user_id: string | null;
}

const NOBODY: SignedIn = { address: null, user_id: null };

export const useSignedIn = create<SignedIn>(() => {
  const [address, user_id] = [remembered(ADDRESS), remembered(USER)];
  if (address === null || user_id === null) return NOBODY;
  callAs(user_id);
  return { address, user_id };
});

/** Throws `Refused` for a wrong address or password. */
export async function signIn(email: string, password: string): Promise<void> {
  const { user_id } = await call<Session>("POST", "/sessions", { body: { email, password } });
  // What somebody else left goes before anything is shown.
  await openKept(user_id);
  rememberWord(ADDRESS, email);
  rememberWord(USER, user_id);
  // Something of somebody else may still be at work on this page.
  if (!callAs(user_id)) return location.replace("/");
  useSignedIn.setState({ address: email, user_id });
}

const leaving: (() => Promise<void>)[] = [];

/** What is to be done while there still is a login. */
export const beforeSignOut = (work: () => Promise<void>): void => void leaving.push(work);

export async function signOut(): Promise<void> {
  await Promise.all(leaving.map((work) => work()));
  await call("DELETE", "/sessions/current");
  await Promise.all([forgetUpdates(), forgetKept()]);
  forget();
}

/** Nothing of the mail stays behind, on the page or in the memory of its scripts. */
function forget(): void {
  const { user_id } = useSignedIn.getState();
  if (user_id === null) return;
  // Another tab may have signed in as somebody else already.
  if (remembered(USER) === user_id) for (const key of [ADDRESS, USER]) rememberWord(key, null);
  stopKeeping();
  queryClient.clear();
  useSignedIn.setState(NOBODY);
  location.replace("/");
}

addEventListener(SIGNED_OUT, forget);
// Another tab signed out, or in as somebody else.
addEventListener("storage", ({ key, newValue }) => {
  if (key === USER && newValue !== useSignedIn.getState().user_id) location.replace("/");
});
// A page that the browser kept for going back to shows what was there before signing out.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
