// How an entry came: signed by its owner's phone, entered by a program, or from paper. In words, because an officer
// weighs the three differently.
import type { Entry } from "../ui/entries.ts";
import { role } from "../ui/phone.ts";
import { isTextKey, t } from "../ui/text.ts";

/** As the register says; what this phone has not sent yet is from paper when it is an officer's. */
export function gradeOf({ view }: Entry): string {
  return view?.grade ?? (role.value === "officer" ? "paper" : "author");
}

export function originInWords(entry: Entry): string {
  const key = `origin.${gradeOf(entry)}`;
  return isTextKey(key) ? t(key) : gradeOf(entry);
}
