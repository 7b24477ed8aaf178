/** Bindings that fail where a test wants them to, and what must be left when they have. */
import { env } from "cloudflare:workers";
import { WAITING_PREFIX } from "../../contract/r2-keys.ts";
import type { Env } from "../../workers/env.ts";
import type { Account } from "./mesh.ts";

/** The keys of the bytes that are stored for one account. Shared bytes are counted by their Blob. */
export const storedBytes = async ({ user_id }: Pick<Account, "user_id">): Promise<string[]> =>
  keysUnder(`raw/${user_id}/`);

/** The notes of letters that wait for an account's Mailbox. */
export const waitingNotes = async ({ user_id }: Pick<Account, "user_id">): Promise<string[]> =>
  keysUnder(`${WAITING_PREFIX}${user_id}/`);

const keysUnder = async (prefix: string): Promise<string[]> =>
  (await env.MAIL.list({ prefix })).objects.map(({ key }) => key);

/** What stands in for a method of a binding: it is given the real one and the arguments of this call. */
export type Fault = (real: (...args: unknown[]) => Promise<unknown>, args: unknown[], nth: number) => Promise<unknown>;

export const breaks: Fault = () => Promise.reject(new Error("injected: it breaks"));
/** Says that it was done. */
export const loses: Fault = async () => undefined;
/** Does its work, and the answer is lost on the way back. */
export const losesAnswer: Fault = async (real, args) => {
  await real(...args);
  throw new Error("injected: the answer is lost");
};
/** Only the call with this number, from 1. */
export const only =
  (number: number, fault: Fault): Fault =>
  (real, args, nth) =>
    nth === number ? fault(real, args, nth) : real(...args);
export const whenKey =
  (prefix: string, fault: Fault): Fault =>
  (real, args, nth) =>
    String(args[0]).startsWith(prefix) ? fault(real, args, nth) : real(...args);

type Faults = Record<string, Fault>;

/** The Worker's bindings, some of whose methods have a fault: `{ MAIL: { put: breaks }, MAILBOX: { deliver: breaks } }`. */
export function withFaults(faults: { [Binding in keyof Env]?: Faults }): Env {
  const faulty: Partial<Record<keyof Env, unknown>> = {};
  for (const [binding, methods] of Object.entries(faults) as [keyof Env, Faults][]) {
    const real: unknown = env[binding];
    const calls: Calls = new Map();
    const isNamespace = typeof real === "object" && real !== null && "getByName" in real;
    faulty[binding] = isNamespace
      ? { getByName: (name: string) => wrapped((real as DurableObjectNamespace).getByName(name), methods, calls) }
      : wrapped(real as object, methods, calls);
  }
  return { ...env, ...(faulty as Partial<Env>) };
}

/** How often each method of a binding was called, whatever object of a namespace it was called on. */
type Calls = Map<string, number>;

function wrapped(target: object, faults: Faults, calls: Calls): object {
  return new Proxy(target, {
    get(_target, name) {
      const real: unknown = Reflect.get(target, name);
      if (typeof real !== "function") return real;
      const call = (...args: unknown[]): Promise<unknown> => Reflect.apply(real, target, args);
      const fault = faults[String(name)];
      if (fault === undefined) return call;
      return (...args: unknown[]) => {
        const nth = (calls.get(String(name)) ?? 0) + 1;
        calls.set(String(name), nth);
        return fault(call, args, nth);
      };
    },
  });
}
