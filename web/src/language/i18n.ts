/** The words on the screen, in the language that the settings or the browser ask for. */
import { createInstance } from "i18next";
import { initReactI18next } from "react-i18next";
import { remembered, rememberWord } from "../keeping/remembered.ts";
import en from "./en/words.ts";

/** English is here from the start; another language is fetched when it is asked for. */
const FETCHED = { zh: () => import("./zh/words.ts"), de: () => import("./de/words.ts") };
export const LANGUAGES = { en: "English", zh: "中文", de: "Deutsch" };
export type Language = keyof typeof LANGUAGES;

export const i18n = createInstance();
await i18n.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false }, // React escapes
});

export async function speak(language: Language): Promise<void> {
  if (language !== "en" && !i18n.hasResourceBundle(language, "translation")) {
    const { default: words } = await FETCHED[language]();
    i18n.addResourceBundle(language, "translation", words);
  }
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = i18n.dir(language);
}

/** The first of the browser's languages that is spoken here. */
export const browserLanguage = (): Language =>
  navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? "en";

/** The language that was chosen last in this browser, for the time before the settings are known. */
const KEY = "mailmesh.language";
export const keepLanguage = (language: Language | null): void => rememberWord(KEY, language);
export const firstLanguage = (): Language => {
  const kept = remembered(KEY);
  return kept !== null && isLanguage(kept) ? kept : browserLanguage();
};
const isLanguage = (tag: string): tag is Language => tag in LANGUAGES;
