// How an entry came: signed by its owner's phone, entered by a program, or from paper. In words, because an officer
// weighs the three differently, and who may change it on this phone, which follows from that.
import { mayDeclare } from "../accounts/rights.ts";
import type { Entry } from "../ui/entries.ts";
import { role } from "../ui/phone.ts";
import { isTextKey, t } from "../ui/text.ts";

/** As the register says; what this phone has not sent yet is from paper when it is an officer's. */
export function gradeOf({ view }: Entry): string {
  if (view) return view.grade ?? "author";
  return role.value === "officer" ? "paper" : "author";
}

/**
 * Whether the register takes a correction or an ending from this phone, as far as the phone can know: the post's only
 * where the entry is from paper and its owner has not signed a correction since (`paper_in_place` in api/access.py).
 */
export function mayCorrect(entry: Entry): boolean {
  if (role.value !== "officer") return mayDeclare(role.value);
  const isSigned = entry.view?.history?.some(({ kind, grade }) => kind === entry.kind && grade === "author");
  return gradeOf(entry) === "paper" && !isSigned;
}

export function originInWords(entry: Entry): string {
  const key = `origin.${gradeOf(entry)}`;
  return isTextKey(key) ? t(key) : gradeOf(entry);
}
