import { beforeAll } from "vitest";
import { waitFor } from "./wait-for.ts";

// A vitest setup file: it runs in every test file, before the file's own code, so its hook encloses all others.

/** What a test can forget to close. Timers are missing here: the runner sets some of its own. */
const watched: ReadonlySet<string> = new Set(["TCPServerWrap", "TCPSocketWrap", "PipeWrap", "ProcessWrap", "UDPWrap"]);

/** Closing takes some turns of the event loop, and a peer's goodbye. */
const deadlineMs = 3_000;

beforeAll(() => {
  const before = openHandles();
  const leaks = () =>
    [...openHandles()].filter(([kind, count]) => count > (before.get(kind) ?? 0)).map(([kind]) => kind);
  // Returned, it runs after every other hook of the file.
  return async () => {
    await waitFor(() => leaks().length === 0, { deadlineMs }).catch(() => {
      throw new Error(`This test file left open: ${leaks().join(", ")}. Close what it opened, or use \`await using\`.`);
    });
  };
});

/** What keeps this process alive, counted by kind. */
function openHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
