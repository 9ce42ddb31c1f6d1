// Refuses JSON on which two parsers could disagree: apart because JSON.parse itself accepts all of it silently.
import type { JsonObject } from "./messages.ts";

/** How deep a document may nest: the limit of wire.md, which the register applies to what it takes. */
export const documentDepthMax = 16;
/**
 * How deep an answer of the register may nest. Bodies that were accepted stand in it below change, view and history, a
 * disclosed value one level lower: with the limit of a document, one deep document would stop every phone that sees it.
 */
export const answerDepthMax = 2 * documentDepthMax;
const integerMost = 2n ** 53n;
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*/gs;
const loneSurrogate = /\p{Surrogate}/u;

/** The object in a text, or null when it is no object, too deep, repeats a key or holds an integer beyond 2^53. */
export function readObject(text: string, depthMax = documentDepthMax): JsonObject | null {
  const value = readJson(text, depthMax);
  return isObject(value) ? value : null;
}

/** The value in a text, or undefined when the text is not JSON that every parser reads alike. */
export function readJson(text: string, depthMax = documentDepthMax): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return !loneSurrogate.test(text) && isUnambiguous(text, depthMax) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Keys = Set<string> | null;

/** Walks the tokens of a text that is known to be JSON. */
function isUnambiguous(text: string, depthMax: number): boolean {
  const open: Keys[] = [];
  const tokens = text.match(token) ?? [];
  return tokens.every((part, at) => {
    if ("{[}]".includes(part)) return nest(open, part) <= depthMax;
    if (part.startsWith('"'))
      return isPlainString(part, tokens[at + 1] === ":" ? open[open.length - 1] : null);
    return isExact(part);
  });
}

/** A number, or a word such as `true`, that means the same to every parser. */
function isExact(part: string): boolean {
  if (!/^-?\d+$/.test(part)) return !/\d/.test(part) || Number.isFinite(Number(part));
  return BigInt(part) <= integerMost && BigInt(part) >= -integerMost;
}

/** How deep it stands after a bracket. */
function nest(open: Keys[], bracket: string): number {
  if (bracket === "{") open.push(new Set());
  else if (bracket === "[") open.push(null);
  else open.pop();
  return open.length;
}

/** A string without half a character; as a key, one that its object has not had. */
function isPlainString(part: string, keys: Keys | undefined): boolean {
  const value: string = JSON.parse(part);
  if (loneSurrogate.test(value) || keys?.has(value)) return false;
  keys?.add(value);
  return true;
}
