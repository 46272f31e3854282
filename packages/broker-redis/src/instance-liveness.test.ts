import { ChappeError } from "@chappe/message";
import { expect, onTestFinished, test } from "vitest";
import { InstanceLiveness } from "./instance-liveness.ts";
import { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

/** Signs of life as Redis has them; an instance without an entry cannot be asked about. */
function livenessOf(signs: ReadonlyMap<string, number>) {
  const keys = new Keys("any");
  const connection = {
    async call(_command: unknown, key: unknown) {
      for (const [instance, sign] of signs) if (key === keys.liveness(instance)) return sign;
      throw new ChappeError("UNAVAILABLE", "this node is away");
    },
  };
  const scripts = { run: async () => null } as unknown as Scripts;
  const liveness = new InstanceLiveness({
    connection: connection as never,
    scripts,
    keys,
    instance: "me",
    livenessMs: 600_000,
    onRefused: () => {},
  });
  onTestFinished(() => liveness.pause());
  return liveness;
}

const SIGNS = new Map([
  ["living", 1],
  ["dead", 0],
]);

test("nobody is gone because the node that would know is away", async () => {
  const liveness = livenessOf(SIGNS);
  liveness.begin(true);
  expect(await liveness.goneAmong(["living", "dead", "unknown"])).toEqual(["dead"]);
});

test("nobody is judged after another server has come, until all had time to give it a sign", async () => {
  const liveness = livenessOf(SIGNS);
  liveness.begin(true);
  const asked = liveness.goneAmong(["dead"]);
  liveness.begin(false);
  expect(await asked).toEqual([]);
  expect(await liveness.goneAmong(["dead"])).toEqual([]);
});
