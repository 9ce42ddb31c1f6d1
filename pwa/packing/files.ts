// What the build left on disk: apart because the worker's precache list and the size check must count the same files.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export type BuiltFile = { readonly path: string; readonly sha256: string; readonly gzip_bytes: number };

/** Never fetched by the shell: the worker itself and Vite's own notes. */
const notShell = /^(sw\.js|\.vite\/)|\.map$/;

/** The files of the shell, sorted, with paths relative to the build folder. */
export function listShell(folder: string): readonly BuiltFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !notShell.test(path))
    .sort()
    .map((path) => describe(folder, path));
}

function describe(folder: string, path: string): BuiltFile {
  const bytes = readFileSync(join(folder, path));
  return {
    path,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    gzip_bytes: gzipSync(bytes, { level: 9 }).length,
  };
}
