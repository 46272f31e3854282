import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Hundreds of processes are started, workers and programs under test, most of which load the same files.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

const cores = availableParallelism();

/** Folders whose tests start whole programs, which keep the cores busy: they run after all others, fewer at a time. */
const startsPrograms = /^(apps\/|bench$)/;

/** Every folder that may hold tests. Each is a project of its own in the summary; all share one run. */
function projectFolders(): string[] {
  const children = (parent: string) =>
    readdirSync(new URL(parent, import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${parent}/${entry.name}`);
  return ["proto", "scripts", "bench", ...children("./packages"), ...children("./apps")].map((folder) =>
    folder.replace(/^\.\//, ""),
  );
}

export default defineConfig({
  test: {
    // Finds (or fetches) the Redis binary once, before the workers race for it.
    globalSetup: ["./packages/testing/src/vitest-global-setup.ts"],
    // A server, socket or process that a test file leaves open fails it.
    setupFiles: ["./packages/testing/src/fail-on-leaks.ts"],
    // Each test has its own Redis or its own key prefix, so one slow start must not fail a promise.
    testTimeout: 15_000,
    hookTimeout: 30_000,
    projects: projectFolders().map((folder) => ({
      test: {
        name: folder,
        include: [`${folder}/**/*.test.ts`],
        exclude: ["**/node_modules/**", "**/dist/**"],
        // The tests that take longest mostly wait: for a lease, a retry, a look-round.
        ...(startsPrograms.test(folder)
          ? { maxWorkers: Math.max(1, cores - 1), sequence: { groupOrder: 1 } }
          : { maxWorkers: 2 * cores, sequence: { groupOrder: 0 } }),
      },
    })),
  },
});
