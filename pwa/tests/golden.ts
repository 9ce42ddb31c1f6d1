// Runs a test once for every golden case of a group, as tests/golden.py does for Python.
import { test } from "vitest";
import { readVectors } from "./vectors.ts";

/** Calls `check` with each case of the group in `tests/vectors/FILE.json`. */
export function golden<Case>(file: string, group: string, name: string, check: (given: Case) => void): void {
  const cases = readVectors<Readonly<Record<string, readonly Case[]>>>(`${file}.json`)[group];
  if (!cases?.length) throw new Error(`${file}.json has no cases in ${group}`);
  test.each(cases.map((given, at) => [at + 1, given] as const))(`${name} (case %i)`, (_, given) =>
    check(given),
  );
}
