/** Destinations and their view, as tests of the operator's side use them. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { z } from "zod";
import {
  QueueDestinationView,
  type QueuedDestination,
  QueueView,
  type QueueDestinationView as View,
} from "../../contract/operator.ts";
import { ok } from "./api-answers.ts";
import { type Account, asAdmin } from "./mesh.ts";
import { alarmAfter, consume, queueForgets, relayThrough, send } from "./outgoing.ts";

let count = 0;

/** A domain that no other test sends to. */
export const aDestination = (): string => `far-${++count}-${crypto.randomUUID().slice(0, 8)}.example`;

/** The destination tells the Directory what it would tell by itself in a moment. */
export async function directoryHears(name: string): Promise<void> {
  await runDurableObjectAlarm(env.DESTINATION.getByName(name));
}

/** A relay that takes nothing for now, and a submission that it put off. */
export async function aDeferredSubmission(account: Account, ...to: string[]) {
  const words = "451 4.3.2 Come again later";
  const peer = await relayThrough({ rules: [{ on: "MAIL", do: [words] }] });
  queueForgets();
  const sent = await send(account, to, { undo_seconds: 0 });
  await alarmAfter(0, account.stub);
  await consume(account.stub);
  return { sent, peer };
}

export const viewQueue = (query = ""): Promise<z.infer<typeof QueueView>> =>
  ok(asAdmin("GET", `/queue${query}`), QueueView);

export const viewDestination = (name: string, query = ""): Promise<View> =>
  ok(asAdmin("GET", `/queue/${name}${query}`), QueueDestinationView);

/** The destination in the list of all, over its pages. */
export async function inTheList(name: string): Promise<QueuedDestination | undefined> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: QueueView = await viewQueue(cursor === "" ? "?limit=100" : `?limit=100&cursor=${cursor}`);
    const found = page.destinations.find(({ destination }) => destination === name);
    if (found) return found;
    cursor = page.next_cursor;
  }
  return undefined;
}
