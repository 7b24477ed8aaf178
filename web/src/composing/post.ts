/** The request that sends a letter, made until it is answered. */
import type { Sent } from "../../../contract/messages.ts";
import { ask, bodyOf, Refused, Unreachable } from "../api/call.ts";
import type { Attempt, Draft } from "./kept.ts";
import { asDraft, type Letter } from "./letter.ts";
import { networkOr } from "./upload.ts";

export interface SendOptions {
  /** An ISO date. */
  send_at?: string;
  ignore_suppressed?: true;
}

/** `isSure`: the writer knows what there is to worry about. */
export interface Sending extends SendOptions {
  isSure?: true;
}

/** So long until it is tried again; sooner where the network comes back. */
const RETRY = 5000;
const LONGEST_WAIT = 60_000;
/** Answers of what stands in front of the server, or of one that is being replaced: it may have been sent. */
const UNCLEAR = new Set([502, 503, 504]);
const isUnclear = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof Refused && UNCLEAR.has(error.status));
/** Of a server that failed in the middle, too; but where it fails each time, the writer has to be told. */
const isFailure = (error: unknown): boolean => error instanceof Refused && error.status === 500;
const MOST_FAILURES = 3;

export const attemptOf = (letter: Letter, draft: Draft | null, options: SendOptions): Attempt => ({
  path: draft === null ? "/messages" : `/drafts/${draft.id}/send`,
  body: JSON.stringify({ ...asDraft(letter), ...options }),
  revision: draft?.revision ?? null,
  key: crypto.randomUUID(),
});

/** Throws `Refused`. Where there is no answer it may have been sent all the same: asking again with its key tells. */
export async function post(attempt: Attempt, signal: AbortSignal, onWait: () => void): Promise<Sent> {
  const { path, body, revision, key } = attempt;
  const headers = {
    ...{ "content-type": "application/json", "idempotency-key": key },
    ...(revision === null ? {} : { "if-match": `"${revision}"` }),
  };
  for (let failures = 0; ; ) {
    try {
      return await bodyOf(await ask("POST", path, { body, headers, signal, within: LONGEST_WAIT }));
    } catch (error) {
      if (isFailure(error)) failures += 1;
      else if (!isUnclear(error)) throw error;
      if (failures === MOST_FAILURES) throw error;
      onWait();
      await networkOr(RETRY, signal);
    }
  }
}
