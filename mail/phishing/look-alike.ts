/** What a name and a domain look like: two that a reader would take for each other have one key. */

export const nameKey = (name: string): string => name.normalize("NFKC").toLowerCase();

export const domainKey = (domain: string): string => domain.normalize("NFKC").toLowerCase();
