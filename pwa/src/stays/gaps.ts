// What is not known of a person yet: said after saving, never a reason to refuse.
import type { JsonObject } from "../sync/messages.ts";
import { textAt } from "../ui/entries.ts";

/** What is asked of everybody and not known yet, by the names of the form's fields. */
export function listGaps(body: JsonObject): readonly Gap[] {
  return gaps.filter(([, ...names]) => textAt(body, ...names) === "unknown").map(([field]) => field);
}

export type Gap = (typeof gaps)[number][0];
const gaps = [
  ["nationality", "nationality"],
  ["sex", "sex"],
  ["born_on", "identity", "born_on"],
  ["holder", "document_holder"],
  ["role", "role"],
  ["arrived_on", "arrived_on"],
  ["visa-class", "visa", "class"],
] as const;
