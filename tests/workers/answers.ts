/** What the doors and the API answer, in short: for expectations that fit on a line. */
import { Alias } from "../../contract/admin.ts";
import { IngestReply, type RecipientOutcome } from "../../contract/ingest.ts";
import { Problem } from "../../contract/problem.ts";
import { asAdmin, fetchMesh, INGEST_SECRET } from "./mesh.ts";

/** `accepted`, or the codes of the refusal: `550 5.1.1`. */
export function short(outcomes: RecipientOutcome[]): string[] {
  return outcomes.map((outcome) => {
    return outcome.outcome === "accepted" ? "accepted" : `${outcome.smtp.code} ${outcome.smtp.status}`;
  });
}

/** What the gateway is answered at RCPT. */
export async function ask(...to: string[]): Promise<string[]> {
  const query = new URLSearchParams({ from: "zoe@far.example" });
  for (const recipient of to) query.append("to", recipient);
  const answer = await fetchMesh(`/ingest?${query}`, { headers: { authorization: `Bearer ${INGEST_SECRET}` } });
  return short(IngestReply.parse(await answer.json()).recipients);
}

/** The status and the issues' places of a refused request. */
export async function refusal(answer: Promise<Response> | Response): Promise<{ status: number; reason: string; at: string[] }> {
  const response = await answer;
  const { reason, issues = [] } = Problem.parse(await response.json());
  return { status: response.status, reason, at: issues.map(({ at }) => at) };
}

export async function putAlias(email: string, ...targets: string[]): Promise<string[]> {
  const answer = await asAdmin("PUT", `/aliases/${encodeURIComponent(email)}`, { targets });
  if (!answer.ok) throw new Error(await answer.text());
  return Alias.parse(await answer.json()).targets;
}
