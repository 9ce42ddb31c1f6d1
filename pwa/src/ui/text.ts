// The language on screen: a signal, so that switching language re-renders words and leaves every input alone.
import { signal } from "@preact/signals";
import type en from "../text/en.json";
import type later from "../text/later/en.json";
import { formatMessage, inDigits, type Language, type Values } from "./messages.ts";
import { recall, remember } from "./remembered.ts";

export type { Language } from "./messages.ts";
/** A key of `text/en.json` or of `text/later/en.json`; an unknown key does not compile. */
export type TextKey = keyof typeof en | keyof typeof later;
type Catalogue = Readonly<Record<string, string>>;

export const languages: readonly Language[] = ["km", "zh", "en"];

const files = import.meta.glob<Catalogue>(["../text/*.json", "../text/later/*.json"], { import: "default" });
const shown = signal<{ readonly language: Language; readonly catalogue: Catalogue }>({
  language: "km",
  catalogue: {},
});
const storageKey = "sangkat.language";

/** The language on screen; reading it in a component makes the component follow. */
export function currentLanguage(): Language {
  return shown.value.language;
}

/** The text of a key in the language on screen, its placeholders filled. */
export function t(key: TextKey, values?: Values): string {
  return formatMessage(shown.value.language, shown.value.catalogue[key] ?? key, values);
}

/** A count in the digits of the language on screen. */
export function counted(value: number): string {
  return inDigits(shown.value.language, value);
}

/** Whether a key made at run time, such as `problem.` and a code from the server, has a text. */
export function isTextKey(key: string): key is TextKey {
  return key in shown.value.catalogue;
}

/** Loads the catalogue, then switches; remembered on this phone. What no first screen says follows by itself. */
export async function showLanguage(language: Language): Promise<void> {
  await addTexts(language, "");
  remember(storageKey, language);
  document.documentElement.lang = language;
  void addTexts(language, "later/").catch(() => undefined);
}

/** Until the rest has come, words of the language before are better than none. */
async function addTexts(language: Language, folder: "" | "later/"): Promise<void> {
  const texts = await files[`../text/${folder}${language}.json`]?.();
  if (folder && language !== currentLanguage()) return;
  shown.value = { language, catalogue: { ...shown.value.catalogue, ...texts } };
}

/** The remembered language, else the first of the phone's that we have, else Khmer. */
export function preferredLanguage(): Language {
  const wanted = [recall(storageKey) ?? "", ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.flatMap((tag) => languages.filter((language) => language === tag))[0] ?? "km";
}
