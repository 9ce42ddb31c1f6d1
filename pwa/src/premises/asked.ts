// Which control of the form for a place a reason of the police is about.
import { type AskedAbout, isEmptyAt } from "../review/asked.ts";
import type { ReasonCode } from "../review/records.ts";
import type { Answers } from "../ui/answers.ts";

const names = ["name_km", "name_latin", "name_zh"] as const;
const unreadable: ReasonCode = "name_unreadable";

/** A name that cannot be read was written, so the first one that stands there is meant; nothing for other reasons. */
export function askedOfPremises(reasons: readonly string[], answers: Answers): readonly AskedAbout[] {
  if (!reasons.includes(unreadable)) return [];
  return [{ field: names.find((name) => !isEmptyAt(answers, name)) ?? names[0], reason: unreadable }];
}
