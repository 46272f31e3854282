import { rmSync } from "node:fs";
import { waitFor } from "@chappe/testing";
import { expect, test } from "vitest";
import type { Fault, Injection } from "./injected/fault.ts";
import { runFaults } from "./run-faults.ts";

/**
 * Begins a script: entries that no router has claimed yet for the group that it is given. There are many once those who read it
 * have used up their credit; a few are only on their way.
 */
const UNREAD = `
local after = '0'
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  if group[2] == ARGV[1] then after = group[8] end
end
local unread = redis.call('XRANGE', KEYS[1], '(' .. after, '+')
if #unread < 50 then return 0 end`;

/** Does to Redis what no program of Chappe would, so that a promise breaks. */
function sabotage(name: string, what: (injection: Injection) => Promise<unknown>): Fault {
  return {
    name,
    what: "",
    sites: ["standalone"],
    inject: async (injection) => ((await what(injection)) ? name : undefined),
  };
}

async function script({ stage }: Injection, key: string, text: string, ...args: string[]): Promise<unknown> {
  const server = await stage.redis.masterOf("");
  const [found = ""] = (await server.call("KEYS", `*:${key}`)) as string[];
  return server.call("EVAL", text, 1, found, ...args);
}

/** Loses one message and swaps two others, while all receivers are frozen and what they have not been given waits. */
const loseAndSwap = sabotage("lose-and-swap", async (injection) => {
  const { receivers } = injection.stage;
  for (const receiver of receivers) receiver.pause();
  const lose = `${UNREAD} return redis.call('XDEL', KEYS[1], unread[1][1])`;
  const swap = `${UNREAD}
    redis.call('XADD', KEYS[1], '*', unpack(unread[1][2]))
    return redis.call('XDEL', KEYS[1], unread[1][1])`;
  const untilDone = (key: string, text: string) =>
    waitFor(async () => (await script(injection, key, text, "receiver")) === 1, { deadlineMs: 60_000 });
  await untilDone("stream:receiver:shared", lose);
  await untilDone("stream:receiver:solo", swap);
  for (const receiver of receivers) receiver.resume();
  return true;
});

const double = sabotage("double", (injection) =>
  script(
    injection,
    "stream:topic:events",
    "return redis.call('XADD', KEYS[1], '*', unpack(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2]))",
  ),
);

const bury = sabotage("bury", (injection) =>
  script(
    injection,
    "stream:topic:events",
    `local entry = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2][2]
     local dead = string.gsub(KEYS[1], ':stream:', ':dead:') .. '/audit'
     return redis.call('XADD', dead, '*', 'b', entry, 'reason', 'planted')`,
  ),
);

const idle = sabotage("idle", async () => false);

const killed = sabotage("killed", async ({ stage: { receivers } }) => {
  const [receiver] = receivers;
  if (receiver?.pid !== undefined) process.kill(receiver.pid, "SIGKILL");
  return true;
});

test("a run in which messages are lost, doubled, swapped and buried, a program dies and a fault does nothing, says so", async () => {
  const planned = [idle, double, bury, killed, loseAndSwap].map((fault, seed) => ({ fault, seed }));
  const report = await runFaults({
    seed: 1,
    site: "standalone",
    durability: "accepted",
    planned,
    injectForMs: 600_000,
    print: () => {},
  });
  expect(new Set(report.violations.map(({ invariant }) => invariant))).toEqual(
    new Set(["lost", "out-of-order", "unflagged-duplicate", "wrong-dead-letter", "no-effect", "crashed"]),
  );
  expect(report.lost).toBeGreaterThan(0);
  expect(report.duplicatesUnflagged).toBeGreaterThan(0);
  expect(report.orderViolations).toBeGreaterThan(0);
  rmSync(report.folder, { recursive: true });
}, 300_000);
