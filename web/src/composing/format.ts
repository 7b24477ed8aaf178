/** Whether new letters are rich or plain in this browser, and one made into the other. */
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import { htmlToText } from "../../../mail/text/html-to-text.ts";
import { browserWords } from "../keeping/remembered.ts";
import { quoted } from "./answer.ts";
import type { Letter } from "./letter.ts";
import { paragraphs } from "./quote.ts";

export const useFormat = create<{ isRich: boolean; set(isRich: boolean): void }>()(
  persist((set) => ({ isRich: true, set: (isRich) => set({ isRich }) }), {
    name: "mailmesh.composing",
    storage: createJSONStorage(() => browserWords),
  }),
);

/** What only rich text can show goes. */
export function asPlain(letter: Letter): Letter {
  if (letter.html === null) return letter;
  const [intro = "", ...rest] = letter.quote?.text.split("\n") ?? [];
  const below = letter.quote === null ? "" : `\n\n${intro}\n${quoted(rest.join("\n").replace(/^\n+/, ""))}\n`;
  const attachments = letter.attachments.map((attached) => ({ ...attached, content_id: null }));
  return { ...letter, body: `${htmlToText(letter.html).trimEnd()}${below}`, html: null, quote: null, attachments };
}

export const asRich = (letter: Letter): Letter =>
  letter.html === null ? { ...letter, html: paragraphs(letter.body), body: "" } : letter;
