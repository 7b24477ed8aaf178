import type { Env } from "../env.ts";
import { lend } from "../lend.ts";

export type Operator = ReturnType<ReturnType<Env["MAILBOX"]["getByName"]>["operator"]>;

/** What an operator does with one mailbox. Throws `not_found` where there is none. */
export const operate = <T>(env: Env, userId: string, work: (operator: Operator) => Promise<T>): Promise<T> =>
  lend(env.MAILBOX.getByName(userId).operator(), work);
