/** The part of the caller's session that decides how mail which comes in is sorted and answered. */
import { lend } from "../lend.ts";
import type { CallerSession } from "./api-env.ts";

export type Rules = ReturnType<CallerSession["rules"]>;

export const withRules = <Result>(session: CallerSession, work: (rules: Rules) => Promise<Result>): Promise<Result> =>
  lend(session.rules(), work);
