/**
 * Whether somebody is signed in, as far as this browser knows. The login itself is in a cookie that scripts cannot read,
 * so the address is kept, to show it; whoever is not signed in here is not asked about at the server.
 */
import { create } from "zustand";
import type { Session } from "../../../contract/sessions.ts";
import { forgetUpdates } from "../acting/queue-store.ts";
import { call, SIGNED_OUT } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { forgetKept, stopKeeping } from "../keeping/keep-mail.ts";
import { openKept } from "../keeping/open-kept.ts";

const ADDRESS = "mailmesh.address";

export const useSignedIn = create<{ address: string | null }>(() => ({ address: localStorage.getItem(ADDRESS) }));

/** Throws `Refused` for a wrong address or password. */
export async function signIn(email: string, password: string): Promise<void> {
  const { user_id } = await call<Session>("POST", "/sessions", { body: { email, password } });
  // What somebody else left goes before anything is shown.
  await openKept(email, user_id);
  localStorage.setItem(ADDRESS, email);
  useSignedIn.setState({ address: email });
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
  if (useSignedIn.getState().address === null) return;
  localStorage.removeItem(ADDRESS);
  stopKeeping();
  queryClient.clear();
  useSignedIn.setState({ address: null });
  location.replace("/");
}

addEventListener(SIGNED_OUT, forget);
// Another tab signed out, or in as somebody else.
addEventListener("storage", ({ key, newValue }) => {
  if (key === ADDRESS && newValue !== useSignedIn.getState().address) location.replace("/");
});
// A page that the browser kept for going back to shows what was there before signing out.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
