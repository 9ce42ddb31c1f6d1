// Fails the build when the shell outgrows a slow link: apart because the limits are a promise to users, not a setting.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { type BuiltFile, listShell } from "./files.ts";

const firstLoadLimit = 60_000;
const shellLimit = 300_000;

/** Source folders that an owner never opens; everything else counts as the owner's first load. */
const otherAreas = /^src\/(review|visits|coverage|scan|search)\//;
const catalogue = /^src\/text\//;

type Chunk = { readonly file: string; readonly src?: string; readonly css?: readonly string[] };

export function checkSizes(): Plugin {
  let folder = "";
  return {
    name: "check-sizes",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle: { sequential: true, order: "post", handler: () => check(folder) },
  };
}

function check(folder: string): void {
  const files = listShell(folder);
  const shell = sum(files);
  const first = firstLoad(files, readManifest(folder));
  process.stdout.write(
    `first load ${first} of ${firstLoadLimit} bytes gzip, shell ${shell} of ${shellLimit}\n`,
  );
  if (first > firstLoadLimit) throw new Error(`First load of ${first} bytes gzip is over ${firstLoadLimit}`);
  if (shell > shellLimit) throw new Error(`Shell of ${shell} bytes gzip is over ${shellLimit}`);
}

/** Scripts and styles of the owner's area with one language, the largest. */
function firstLoad(files: readonly BuiltFile[], chunks: readonly Chunk[]): number {
  const area = chunks.filter(({ src }) => !(src && (otherAreas.test(src) || catalogue.test(src))));
  const names = new Set(
    area.flatMap(({ file, css }) => [file, ...(css ?? [])]).filter((name) => /\.(js|css)$/.test(name)),
  );
  const languages = chunks.filter(({ src }) => src && catalogue.test(src)).map(({ file }) => file);
  const largest = Math.max(
    0,
    ...files.filter(({ path }) => languages.includes(path)).map((file) => file.gzip_bytes),
  );
  return sum(files.filter(({ path }) => names.has(path))) + largest;
}

function sum(files: readonly BuiltFile[]): number {
  return files.reduce((total, file) => total + file.gzip_bytes, 0);
}

function readManifest(folder: string): readonly Chunk[] {
  const manifest: Record<string, Chunk> = JSON.parse(
    readFileSync(join(folder, ".vite/manifest.json"), "utf8"),
  );
  return Object.values(manifest);
}
