import type { AdminClient } from "@chappe/client/admin";
import { expect, test } from "vitest";
import { runAddresses } from "./addresses.ts";

/** A store in which something happens between one look and the next. */
function changing(...epochs: string[]) {
  let looks = 0;
  return {
    async *addresses() {
      const seen = looks++;
      yield {
        address: "topic:orders",
        epoch: epochs[seen],
        publishedMessages: 1_000 * seen,
        subscriptions: [{ subscription: "billing", ackedMessages: 500 * seen }],
      };
    },
  } as unknown as AdminClient;
}

async function rates(admin: AdminClient) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const nothing = async () => {};
  const session = { admin, json: true, print, tell: print, confirm: nothing };
  // Real time, however little, passes between the looks.
  await runAddresses({ ...session, wait: () => new Promise(setImmediate) }, { prefix: "", rateMs: 1 });
  const { addresses } = JSON.parse(lines.join("\n")) as {
    addresses: [{ publishedPerSecond?: number; subscriptions: [{ ackedPerSecond?: number }] }];
  };
  return [addresses[0].publishedPerSecond, addresses[0].subscriptions[0].ackedPerSecond];
}

test("rates are what was counted between two looks", async () => {
  const [published, acked] = await rates(changing("e1", "e1"));
  expect(published).toBeGreaterThan(0);
  expect(acked! / published!).toBeCloseTo(0.5);
});

test("an address that began anew has no rate, for its counters did too", async () => {
  expect(await rates(changing("e1", "e2"))).toEqual([undefined, undefined]);
});
