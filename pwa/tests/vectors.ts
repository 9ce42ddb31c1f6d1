// Finds the golden vectors that pytest reads too, from the repository's `tests/vectors`.
import { readFileSync } from "node:fs";

export function readVectors<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}`, import.meta.url), "utf8"));
}
