/** The attributes of one element: those that are kept, with addresses, ids and styles written anew. */
import type { Token } from "parse5";
import { safeLink } from "./addresses.ts";
import { cleanCondition, cleanStyleAttribute, type Styling } from "./css-rules.ts";
import { ownId } from "./css-selectors.ts";
import { tokensOf } from "./css-text.ts";
import { isKeptAsItIs, WITH_BACKGROUND } from "./elements.ts";
import { cleanSrcset } from "./srcset.ts";

export interface Surroundings extends Styling {
  /** What relative addresses are relative to, if the message says so. */
  base: URL | null;
}

/** A link opens in a place of its own, which learns nothing of this one and cannot reach it. */
const IN_A_NEW_PLACE: Token.Attribute[] = [
  { name: "target", value: "_blank" },
  { name: "rel", value: "noopener noreferrer nofollow" },
];

export function cleanAttributes(
  element: string,
  attributes: readonly Token.Attribute[],
  around: Surroundings,
): Token.Attribute[] {
  const kept = attributes.flatMap(({ name, value, prefix }) => {
    if (prefix !== undefined && prefix !== "") return [];
    const cleaned = isKeptAsItIs(element, name) ? value : rewrite(element, name, value, around);
    return cleaned === null ? [] : [{ name, value: cleaned }];
  });
  const link = element === "a" || element === "area" ? kept.find(({ name }) => name === "href") : undefined;
  return link === undefined || link.value.startsWith("#") ? kept : [...kept, ...IN_A_NEW_PLACE];
}

/** What is not kept as it is: written anew, or null. */
function rewrite(element: string, name: string, value: string, around: Surroundings): string | null {
  const { writeImage } = around;
  switch (name) {
    case "style":
      return orNull(cleanStyleAttribute(value, around));
    case "id":
      return value === "" ? null : ownId(value);
    case "href":
      return element === "a" || element === "area" ? cleanHref(value, around.base) : null;
    case "src":
      return element === "img" ? writeImage(value) : null;
    case "srcset":
      return element === "img" || element === "source" ? orNull(cleanSrcset(value, writeImage)) : null;
    case "background":
      return WITH_BACKGROUND.has(element) ? writeImage(value) : null;
    // Places in a message had a name before they had an id, and image maps have one still.
    case "name":
      return (element === "a" || element === "map") && value !== "" ? ownId(value) : null;
    case "usemap":
      return element === "img" && value.startsWith("#") ? `#${ownId(value.slice(1))}` : null;
    case "media":
      return element === "style" || element === "source" ? cleanCondition(tokensOf(value)) : null;
    default:
      return null;
  }
}

/** A place in the message stays one. */
function cleanHref(value: string, base: URL | null): string | null {
  const trimmed = value.trim();
  if (!trimmed.startsWith("#")) return safeLink(trimmed, base);
  return trimmed === "#" ? null : `#${ownId(trimmed.slice(1))}`;
}

const orNull = (text: string): string | null => (text === "" ? null : text);
