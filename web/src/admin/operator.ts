/** Whether this browser may use the operator's pages, as far as it knows. The login is in a cookie that no script reads. */
import { create } from "zustand";
import { call, OPERATOR_SIGNED_OUT } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { remembered, rememberWord } from "../keeping/remembered.ts";

const UNTIL = "mailmesh.operator-until";

/** Until when; null for nobody, who is not asked about at the server. */
export const useOperator = create<{ until: string | null }>(() => {
  const until = remembered(UNTIL);
  return { until: until !== null && Date.parse(until) > Date.now() ? until : null };
});

/** Throws `Refused` for a wrong secret. */
export async function operatorSignIn(secret: string): Promise<void> {
  const { expires_at } = await call<{ expires_at: string }>("POST", "/admin/session", { body: { secret } });
  rememberWord(UNTIL, expires_at);
  useOperator.setState({ until: expires_at });
}

export async function operatorSignOut(): Promise<void> {
  await call("DELETE", "/admin/session");
  forget();
}

function forget(): void {
  rememberWord(UNTIL, null);
  queryClient.removeQueries({ queryKey: ["admin"] });
  useOperator.setState({ until: null });
}

addEventListener(OPERATOR_SIGNED_OUT, forget);
