// Fails the build when the shell outgrows a slow link: apart because the limits are a promise to users, not a setting.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { type BuiltFile, listShell } from "./files.ts";

const firstLoadLimit = 60_000;
const shellLimit = 300_000;

const catalogue = /^src\/text\//;

type Chunk = {
  readonly file: string;
  readonly src?: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
};
type Manifest = Readonly<Record<string, Chunk>>;

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

/** Scripts and styles that the first screen needs, with one language, the largest. */
function firstLoad(files: readonly BuiltFile[], manifest: Manifest): number {
  const chunks = Object.values(manifest);
  const entries = Object.keys(manifest).filter((name) => manifest[name]?.isEntry);
  const needed = entries.reduce(
    (found, name) => withImports(manifest, name, found),
    new Set<string>() as ReadonlySet<string>,
  );
  const names = new Set(
    [...needed].flatMap((name) => [manifest[name]?.file ?? "", ...(manifest[name]?.css ?? [])]),
  );
  const languages = chunks.filter(({ src }) => src && catalogue.test(src)).map(({ file }) => file);
  const largest = Math.max(
    0,
    ...files.filter(({ path }) => languages.includes(path)).map((file) => file.gzip_bytes),
  );
  return sum(files.filter(({ path }) => names.has(path))) + largest;
}

/** A chunk and everything that it cannot run without. */
function withImports(manifest: Manifest, name: string, found: ReadonlySet<string>): ReadonlySet<string> {
  if (found.has(name)) return found;
  const imports = manifest[name]?.imports ?? [];
  return imports.reduce(
    (more, next) => withImports(manifest, next, more),
    new Set([...found, name]) as ReadonlySet<string>,
  );
}

function sum(files: readonly BuiltFile[]): number {
  return files.reduce((total, file) => total + file.gzip_bytes, 0);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8"));
}
