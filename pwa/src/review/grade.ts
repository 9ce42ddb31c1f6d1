// How an entry came: signed by its owner's phone, entered by a program, or from paper.
import type { Entry } from "../ui/entries.ts";
import { role } from "../ui/phone.ts";

/** As the register says; what this phone has not sent yet is from paper when it is an officer's. */
export function gradeOf({ view }: Entry): string {
  return view?.grade ?? (role.value === "officer" ? "paper" : "author");
}
