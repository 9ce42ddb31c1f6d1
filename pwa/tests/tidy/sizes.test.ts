// No function grows past what can be read at once; the limit may be lowered, never raised. Biome has such a rule too,
// but leaves out the lines of JSX, of which screens consist; the compiler sees every line.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const functionLinesMax = 40;

const top = new URL("../../", import.meta.url).pathname;

function listModules(): readonly string[] {
  return ["src", "tests", "packing"].flatMap((folder) =>
    readdirSync(join(top, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
}

type Measured = { readonly at: string; readonly lines: number };

/** Every function, component and callback with a body, and how many lines it takes. */
function measure(file: string, text: string): readonly Measured[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const within = (node: ts.Node): readonly Measured[] => {
    const below: Measured[] = [];
    ts.forEachChild(node, (child) => void below.push(...within(child)));
    if (!ts.isFunctionLike(node) || !("body" in node && node.body)) return below;
    const first = lineAt(node.getStart());
    return [{ at: `${file}:${first}`, lines: lineAt(node.getEnd()) - first + 1 }, ...below];
  };
  return within(source);
}

test("no function is too long", () => {
  const files = listModules();
  expect(files.length).toBeGreaterThan(100);
  const all = files.flatMap((file) => measure(file, readFileSync(join(top, file), "utf8")));
  expect(all.filter(({ lines }) => lines > functionLinesMax)).toEqual([]);
});

test("the measure sees every line of a component, and what stands inside a function", () => {
  const text = [
    "const A = () => (",
    "  <p>",
    "    words",
    "  </p>",
    ");",
    "function b() {",
    "  c(() => {",
    "  });",
    "}",
  ].join("\n");
  expect(measure("a.tsx", text).map(({ lines }) => lines)).toEqual([5, 4, 2]);
});
