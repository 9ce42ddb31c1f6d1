import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { areaOf, mayDeclare, mayJudge } from "../../src/accounts/rights.ts";

/** The register's own table, so that the app cannot drift from it. */
const access = readFileSync(new URL("../../../api/access.py", import.meta.url), "utf8");

function rolesOf(table: string): readonly string[] {
  const [, roles = ""] = new RegExp(`"${table}": \\(([^)]*)\\)`).exec(access) ?? [];
  return [...roles.matchAll(/"(\w+)"/g)].map(([, role = ""]) => role);
}

const all = ["owner", "officer", "district", "province", "analyst", "desk", "auditor", "client", "node"];

test("a person has lists in the app exactly when the register answers a pull", () => {
  const pulling = rolesOf("sync.pull").filter((role) => role !== "client" && role !== "node");
  expect(all.filter((role) => areaOf(role) !== "none")).toEqual(pulling);
});

test("only those judge and declare from whom the register takes it", () => {
  expect(access).toContain('"review": _OFFICER,');
  expect(access).toContain('_OFFICER: Final = (Right("officer", "covers_place"),)');
  expect(all.filter(mayJudge)).toEqual(["officer"]);
  expect(all.filter(mayDeclare)).toEqual(["owner", "officer"]);
});
