// A refusal of the register in words that say what to do: the code travels, the text lives on the phone.
import type { Problem } from "../sync/messages.ts";
import { isTextKey, t } from "./text.ts";

export function problemInWords(problem: Problem): string {
  const key = `problem.${problem.code}`;
  if (!isTextKey(key)) return t("problem.unknown", { code: problem.code });
  return t(key, { code: problem.code, request_id: problem.request_id ?? "-", ...problem.details });
}
