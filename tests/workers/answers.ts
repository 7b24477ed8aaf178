/** What the doors answer, in short: for expectations that fit on a line. The API's problems are in api-answers.ts. */
import { Alias } from "../../contract/admin.ts";
import { IngestReply, type RecipientOutcome } from "../../contract/ingest.ts";
import { asAdmin, fetchMesh, INGEST_SECRET } from "./mesh.ts";

/** `accepted`, or the codes of the refusal: `550 5.1.1`. */
export function short(outcomes: RecipientOutcome[]): string[] {
  return outcomes.map((outcome) => {
    return outcome.outcome === "accepted" ? "accepted" : `${outcome.smtp.code} ${outcome.smtp.status}`;
  });
}

/** What the gateway is answered at RCPT. */
export const ask = (...to: string[]): Promise<string[]> => askFor("zoe@far.example", ...to);

export async function askFor(from: string, ...to: string[]): Promise<string[]> {
  const query = new URLSearchParams({ from });
  for (const recipient of to) query.append("to", recipient);
  const answer = await fetchMesh(`/ingest?${query}`, { headers: { authorization: `Bearer ${INGEST_SECRET}` } });
  return short(IngestReply.parse(await answer.json()).recipients);
}

export async function putAlias(email: string, ...targets: string[]): Promise<string[]> {
  const answer = await asAdmin("PUT", `/aliases/${encodeURIComponent(email)}`, { targets });
  if (!answer.ok) throw new Error(await answer.text());
  return Alias.parse(await answer.json()).targets;
}
