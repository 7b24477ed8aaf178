/** What is written as plain text, as HTML for letters that have some. */

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function htmlOf(text: string): string {
  if (text.trim() === "") return "";
  const escaped = text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
  return `<div>${escaped.split("\n").join("<br>")}</div>`;
}

/** Where somebody wrote the HTML by itself, it stays as long as the text does. */
export function signatureUpdate(
  before: { text_signature: string; html_signature: string },
  text: string,
): { text_signature: string; html_signature: string } | Record<string, never> {
  return text === before.text_signature ? {} : { text_signature: text, html_signature: htmlOf(text) };
}
