import { describe, expect, it } from "vitest";
import { allPeers, selectPeers } from "./all-peers.ts";
import { parsePeerOptions } from "./peer-options.ts";
import { runPeerCase } from "./run-peer-case.ts";

it("selects systems by name, and names them all when none fits", () => {
  expect(selectPeers(/^article/).map(({ name }) => name)).toEqual(["article-node", "article-go"]);
  expect(() => selectPeers(/kafka/)).toThrow("no system matches /kafka/; there are chappe, bullmq, jetstream");
});

// Chappe itself is under test elsewhere.
describe.each(allPeers.filter(({ name }) => name !== "chappe"))("$name", (peer) => {
  const options = parsePeerOptions({ seconds: "0.5", warmUpSeconds: "0" });
  const canRun = process.platform === "linux" && !process.env["REDIS_URL"] && peer.atHand();

  it.runIf(canRun)(
    "delivers every message that was answered for, at a rate and as fast as it goes",
    { timeout: 60_000 },
    async () => {
      const found = await peer.find("crash");
      for (const load of [200, "max"] as const) {
        const result = await runPeerCase(peer, found, load, options);
        expect(result).toMatchObject({
          name: expect.stringContaining(`${peer.name}/`) as string,
          lost: 0,
          duplicates: 0,
        });
        expect(result.messagesPerSecond).toBeGreaterThan(0);
        expect(Object.keys(result.cpuMicrosPerMessageByProcess)).toEqual(
          expect.arrayContaining(["sender", "receiver"]) as string[],
        );
        expect(result.latencyMicros?.p50).toBeGreaterThan(0);
      }
    },
  );
});
