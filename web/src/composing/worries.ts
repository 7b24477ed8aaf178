/** What a writer may want to hear before a letter leaves. */
import type { Suggestions } from "../../../contract/saved-searches.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { queryClient } from "../api/query-client.ts";
import { i18n } from "../language/i18n.ts";
import { suggestionsQuery } from "../searching/suggestions.ts";
import { isAddress, isSameAddress } from "./address-list.ts";
import { everyone, type Letter } from "./letter.ts";
import { ownWords, speaksOfAttachment } from "./own-words.ts";

/** Whom no letter can be sent to, in words, or null. The server would refuse the whole of it. */
export function mistakenAddresses({ to, cc, bcc }: Letter): string | null {
  const wrong = [to, cc, bcc].flatMap(everyone).filter(({ email }) => !isAddress(email));
  if (wrong.length === 0) return null;
  const which = wrong.map(({ email }) => email).join(", ");
  return i18n.t("composing.mistaken", { count: wrong.length, which });
}

/** In words, or null where there is nothing. */
export async function worryAbout(letter: Letter): Promise<string | null> {
  if (speaksOfAttachment(ownWords(letter)) && letter.attachments.every(({ content_id }) => content_id !== null)) {
    return i18n.t("composing.worries.attachment");
  }
  for (const { email } of [letter.to, letter.cc, letter.bcc].flatMap(everyone)) {
    const meant = await lookAlike(email).catch(() => null);
    if (meant !== null) return i18n.t("composing.worries.lookAlike", { email, meant });
  }
  return null;
}

/** A domain that looks like one that people of the mailbox have, or that everybody knows. */
async function lookAlike(email: string): Promise<string | null> {
  const own = useSignedIn.getState().address ?? "";
  const [local = ""] = email.split("@");
  const asked = await Promise.all(["", local].map((q) => queryClient.fetchQuery(suggestionsQuery(q)))).catch(
    (): Suggestions[] => [],
  );
  const people = asked.flatMap(({ people }) => people);
  if (people.some((person) => isSameAddress(person, { email }))) return null;
  const { imitated } = await import("./imitated.ts");
  return imitated(email, [own, ...people.map((person) => person.email)]);
}
