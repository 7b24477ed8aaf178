/** Whom and what a text that is being typed may mean. */
import { addressKey } from "../address/address-key.ts";
import { tokens, withoutDiacritics } from "../text/index-text.ts";

interface Address {
  name: string;
  email: string;
}

/** Tells whether some words of a text begin as the typed ones do, in their order: `ann l` in `Dr. Ann Lee`. */
export function beginsIn(typed: string): (text: string) => boolean {
  const sought = ` ${wordsOf(typed)}`;
  return (text) => ` ${wordsOf(text)}`.includes(sought);
}

const wordsOf = (text: string): string => tokens(text).map(withoutDiacritics).join(" ");

/** The people whose name or address begins so, the most frequent first; the newest name of each. Newest message first. */
export function suggestPeople(typed: string, messages: readonly Address[][], limit: number): Address[] {
  const begins = beginsIn(typed);
  const known = new Map<string, Address & { count: number }>();
  for (const { name, email } of messages.flat()) {
    if (!(begins(name) || begins(email))) continue;
    // Senders write what they want, and nobody can be answered there.
    if (addressKey(email) === null) continue;
    const key = email.toLowerCase();
    const person = known.get(key) ?? { name, email, count: 0 };
    known.set(key, { ...person, name: person.name || name, count: person.count + 1 });
  }
  const people = [...known.values()].sort((a, b) => b.count - a.count).slice(0, limit);
  return people.map(({ name, email }) => ({ name, email }));
}
