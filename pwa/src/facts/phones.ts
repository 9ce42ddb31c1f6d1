// Telephone numbers in one form (E.164), however people in Cambodia write them. Twin: api/facts/phones.py; both
// replay tests/vectors/phones.json. The operator is never inferred: numbers are ported.
import { foldDigits, stripZeroWidth } from "./values.ts";

const separators = /[\s().\-/\u00b7\u2010-\u2015\u2212]/g;
// Dialled before a country code; `00` first, or `00855…` would be read as `008` and Brazil.
const foreign = /^(?:\+|00)([1-9][0-9]{7,14})$/;
// People keep the 0 of `096…` behind the country code.
const home = /^(?:(?:\+855|00855|855)0?|0)([1-9][0-9]{7,8})$/;
// Only these have numbers of nine national digits.
const long = new Set(["12", "18", "31", "38", "71", "76", "88", "96", "97"]);
const nationalDigits = 8;
const northAmericanDigits = 11;

/** The number as `+855…` or `+CC…`, or null when it is no telephone number. */
export function normalisePhone(text: string): string | null {
  const digits = stripZeroWidth(foldDigits(text).normalize("NFKC"));
  // `+44 (0)20…`: the 0 is dialled at home alone.
  const dialled = /^(\+|00)/.test(digits) ? digits.replaceAll("(0)", "") : digits;
  const plain = dialled.replace(separators, "");
  const national = home.exec(plain)?.[1];
  if (national !== undefined) return cambodian(national);
  const abroad = foreign.exec(plain)?.[1];
  return abroad === undefined ? null : foreigner(abroad);
}

function cambodian(national: string): string | null {
  return national.length > nationalDigits && !long.has(national.slice(0, 2)) ? null : `+855${national}`;
}

/** Refuses what has a Cambodian code but no Cambodian length, and `001` dialled as a prefix. */
function foreigner(digits: string): string | null {
  if (digits.startsWith("855")) return null;
  if (digits.startsWith("1") && digits.length !== northAmericanDigits) return null;
  return `+${digits}`;
}
