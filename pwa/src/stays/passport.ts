// From the lines at the bottom of a passport to the answers of the form: what the zone says fills the fields, and what
// does not hold is named. The zone itself is never kept.

import { type Mrz, type MrzFault, type ReadingOptions, readMrz, readSecondLine } from "../facts/mrz.ts";
import { foldDigits, stripZeroWidth } from "../facts/values.ts";
import type { Answers } from "../ui/answers.ts";

type InWords = (part: Mrz["failing"][number]) => string;

const secondLine = /^[A-Z0-9<]{9}[0-9<][A-Z<]{3}[0-9<]{6}/;
// Brackets and guillemets are what word processors make of fillers.
const foreign = /[^A-Z0-9<\s\u2039\u3008\u300a\u27e8\u27ea\u00ab]/;

/** Reads one line (the second) with the name that is typed already, or all lines; null when nothing was typed. */
export function readZone(text: string, answers: Answers, options: ReadingOptions): Mrz | MrzFault | null {
  const plain = stripZeroWidth(foldDigits(text)).trim().toUpperCase();
  if (!plain) return null;
  const isSecond = !/\s/.test(plain) && plain.length === 44 && secondLine.test(plain);
  if (isSecond) return readSecondLine(plain, answers["primary"] ?? "", answers["secondary"] ?? "", options);
  const zone = readMrz(text, options);
  // What can stand in no line says more than that the lines are not complete.
  const isForeign = zone.reading === "none" && foreign.test(plain.normalize("NFKC"));
  return isForeign ? { reading: "none", code: "characters" } : zone;
}

/** What does not hold, each once: a date and its check digit are one to who reads the passport. */
export function failingInWords({ failing }: Pick<Mrz, "failing">, inWords: InWords): string {
  return [...new Set(failing.map(inWords))].join(", ");
}

/** The answers that the zone gives; what it leaves open is not touched. */
export function zoneAnswers(zone: Mrz): Answers {
  const isVisa = zone.format.startsWith("MRV");
  return {
    entry_method: "mrz_typed",
    ...given("primary", zone.primary),
    ...given("secondary", zone.secondary),
    ...given("nationality", zone.nationality),
    sex: zone.sex,
    ...dateParts("born_on", zone.born_on),
    ...(isVisa ? given("visa_number", zone.number) : documentAnswers(zone)),
    ...dateParts(isVisa ? "visa_expires_on" : "document_expires_on", zone.expires_on),
  };
}

function documentAnswers(zone: Mrz): Answers {
  return {
    papers: "shown",
    document_kind: zone.document_code.startsWith("P") ? "passport" : "id_card",
    ...given("document_number", zone.number),
    ...given("document_issuer", zone.issuer),
  };
}

function given(name: string, value: string): Answers {
  return value ? { [name]: value } : {};
}

function dateParts(name: string, date: string | null): Answers {
  if (date === null) return {};
  const [year = "", month = "", day = ""] = date.split("-");
  const plain = (part: string) => part.replace(/^0/, "");
  return {
    [`${name}.year`]: year,
    [`${name}.month`]: plain(month),
    [`${name}.day`]: plain(day),
    [`${name}.unknown`]: "",
  };
}
