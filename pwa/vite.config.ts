import { defineConfig } from "vitest/config";
import { contentSecurityPolicy } from "./packing/policy.ts";
import { checkSizes } from "./packing/sizes.ts";
import { serviceWorker } from "./packing/worker.ts";

export default defineConfig({
  base: "/app/",
  build: {
    target: ["chrome87", "safari14"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [contentSecurityPolicy(), serviceWorker(), checkSizes()],
  // Long, because other work may burn the same processors.
  test: { include: ["tests/**/*.test.{ts,tsx}"], testTimeout: 60_000 },
});
