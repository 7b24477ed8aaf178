/**
 * Words that this browser remembers from one page to the next, in localStorage. Where it gives that to no script, or has
 * no room, they are remembered as long as the page is there.
 */
const here = new Map<string, string | null>();

export function remembered(key: string): string | null {
  const word = here.get(key);
  if (word !== undefined) return word;
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function rememberWord(key: string, word: string | null): void {
  here.delete(key);
  try {
    if (word === null) localStorage.removeItem(key);
    else localStorage.setItem(key, word);
  } catch {
    here.set(key, word);
  }
}

/** The same, for stores of Zustand that are remembered. */
export const browserWords = {
  getItem: remembered,
  setItem: (key: string, word: string): void => rememberWord(key, word),
  removeItem: (key: string): void => rememberWord(key, null),
};
