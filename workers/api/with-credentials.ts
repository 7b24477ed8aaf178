/** The part of the caller's session that decides how the account is logged in to. A token's has none. */
import { lend } from "../lend.ts";
import type { CallerSession } from "./api-env.ts";

export type Credentials = ReturnType<CallerSession["credentials"]>;

export const withCredentials = <Result>(
  session: CallerSession,
  work: (credentials: Credentials) => Promise<Result>,
): Promise<Result> => lend(session.credentials(), work);
