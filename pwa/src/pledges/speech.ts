// Reading aloud, where the phone has a voice for the language; without one there is no button, rather than a silent one.
import { signal } from "@preact/signals";

/** What is being read, or null. */
export const spoken = signal<string | null>(null);

const tags: Readonly<Record<string, string>> = { km: "km", zh: "zh", en: "en" };

/** Voices may load late; the answer is asked again at each redraw. */
export function canSpeak(language: string): boolean {
  if (typeof speechSynthesis === "undefined") return false;
  return speechSynthesis
    .getVoices()
    .some(({ lang }) => lang.toLowerCase().startsWith(tags[language] ?? language));
}

export function speak(text: string, language: string): void {
  silence();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = tags[language] ?? language;
  utterance.onend = () => {
    spoken.value = null;
  };
  spoken.value = text;
  speechSynthesis.speak(utterance);
}

export function silence(): void {
  if (typeof speechSynthesis !== "undefined") speechSynthesis.cancel();
  spoken.value = null;
}
