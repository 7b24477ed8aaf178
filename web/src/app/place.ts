/**
 * Where the reader is: every screen has an address, so that back, reload and bookmarks work. What is searched for stands
 * behind the #, which no browser sends to a server: it may say what is in the mail.
 */
export type Opened = { kind: "thread" | "message"; id: string };

/** A list, and what is opened of it. `folder` is a role or an id. */
export type ListPlace =
  | { screen: "folder"; folder: string; opened: Opened | null }
  | { screen: "search"; q: string; opened: Opened | null };

export type Place =
  | ListPlace
  | { screen: "settings"; section: string }
  /** `item` is one of the section's: a domain, a destination. */
  | { screen: "admin"; section: string; item?: string };

export const INBOX: ListPlace = { screen: "folder", folder: "inbox", opened: null };

/** The inbox for an address that is none of ours. */
export function placeOf(path: string, hash: string): Place {
  const [screen = "", ...rest] = path.split("/").slice(1).map(decode);
  if (screen === "in") {
    const [folder = "inbox", kind, id] = rest;
    return { screen: "folder", folder, opened: openedOf(kind, id) };
  }
  if (screen === "search") {
    const [kind, id] = rest;
    return { screen, q: new URLSearchParams(hash.slice(1)).get("q") ?? "", opened: openedOf(kind, id) };
  }
  const [section = "", item] = rest;
  if (screen === "admin" && item !== undefined && item !== "") return { screen, section, item };
  if (screen === "settings" || screen === "admin") return { screen, section };
  return INBOX;
}

export function addressOf(place: Place): string {
  if (place.screen === "settings" || place.screen === "admin") {
    const item = "item" in place ? place.item : undefined;
    return [`/${place.screen}`, place.section, item ?? ""]
      .filter((part) => part !== "")
      .map((part, n) => (n === 0 ? part : encodeURIComponent(part)))
      .join("/");
  }
  const opened = place.opened === null ? "" : `/${place.opened.kind}/${encodeURIComponent(place.opened.id)}`;
  if (place.screen === "search") return `/search${opened}#${new URLSearchParams({ q: place.q })}`;
  return `/in/${encodeURIComponent(place.folder)}${opened}`;
}

function openedOf(kind: string | undefined, id: string | undefined): Opened | null {
  return (kind === "thread" || kind === "message") && id !== undefined && id !== "" ? { kind, id } : null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
