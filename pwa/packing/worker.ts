// Builds the service worker after the page, with the list of files it has to keep: apart from the page's build because
// the worker must know the finished file names, and must itself never be renamed.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { build, type Plugin } from "vite";
import { type BuiltFile, listShell } from "./files.ts";

/** Address and content of a file; the hash lets an update re-use what has not changed. */
export type PrecacheEntry = readonly [url: string, revision: string];

export function serviceWorker(): Plugin {
  const where = { folder: "", base: "" };
  return {
    name: "service-worker",
    apply: "build",
    configResolved(config) {
      where.folder = join(config.root, config.build.outDir);
      where.base = config.base;
    },
    closeBundle: { sequential: true, order: "post", handler: () => buildWorker(where.folder, where.base) },
  };
}

async function buildWorker(folder: string, base: string): Promise<void> {
  const entries = precacheEntries(listShell(folder), base);
  const version = createHash("sha256").update(JSON.stringify(entries)).digest("hex").slice(0, 12);
  await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { __PRECACHE__: JSON.stringify(entries), __BUILD__: JSON.stringify(version) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: ["chrome87", "safari14"],
      lib: { entry: "src/worker/worker.ts", formats: ["iife"], name: "worker", fileName: () => "sw.js" },
    },
  });
}

/** The page itself is kept under the address of the scope, which every deep link falls back to. */
function precacheEntries(files: readonly BuiltFile[], base: string): readonly PrecacheEntry[] {
  return files.map(({ path, sha256 }) => [path === "index.html" ? base : base + path, sha256.slice(0, 12)]);
}
