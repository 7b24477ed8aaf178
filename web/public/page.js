/** The page: elements, the place in the address bar, notices. What strangers wrote only ever becomes text. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} properties
 * @param {(Node | string | null)[]} children
 */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * What index.html has under this id.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 */
export const byId = (id) => /** @type {T} */ (document.getElementById(id));

/** @typedef {{ folder: string | null, query: string | null, message: string | null }} Place */

/** Where the reader is stands after the #, so that back, reload and bookmarks work. */
export function currentPlace() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { folder: parts.get("in"), query: parts.get("q"), message: parts.get("open") };
}

/** @param {Partial<Place>} place */
export function linkTo({ folder, query, message }) {
  const parts = Object.entries({ in: folder, q: query, open: message });
  return `#${new URLSearchParams(parts.flatMap(([name, value]) => (value ? [[name, value]] : [])))}`;
}

let fading = 0;

/** @param {string} text */
export function notify(text) {
  byId("notice").textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => byId("notice").replaceChildren(), 6000);
}

/** Does what was asked for, and says what went wrong. @param {() => Promise<unknown>} action */
export const attempt = (action) => () => action().catch((error) => notify(error.message));

/** The name that a sender gave himself, for lists. @param {{ name: string, email: string } | null} address */
export const shortName = (address) => address?.name || address?.email || "(no sender)";

/** With the address, which says more. @param {{ name: string, email: string }} address */
export const fullName = ({ name, email }) => (name ? `${name} <${email}>` : email);
