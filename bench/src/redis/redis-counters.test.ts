import { expect, it } from "vitest";
import { parseRedisInfo, redisDelta, sumOfCounters } from "./redis-counters.ts";

const info = (xadd: number, aof: number) =>
  [
    "# Server",
    "redis_version:7.0.15",
    "# Stats",
    "total_net_input_bytes:1000",
    "total_net_output_bytes:2000",
    `aof_current_size:${aof}`,
    "# Commandstats",
    `cmdstat_xadd:calls=${xadd},usec=12,usec_per_call=1.20,rejected_calls=0,failed_calls=0`,
    `cmdstat_client|setinfo:calls=${xadd},usec=1,usec_per_call=1.00,rejected_calls=0,failed_calls=0`,
    `cmdstat_info:calls=${xadd},usec=1,usec_per_call=1.00,rejected_calls=0,failed_calls=0`,
  ].join("\r\n");

it("counts the commands between two readings, but for those that the readings cost", () => {
  const delta = redisDelta(parseRedisInfo(info(10, 500)), parseRedisInfo(info(25, 800)));
  expect(delta).toEqual({ commands: 15, calls: { xadd: 15 }, aofBytes: 300, receivedBytes: 0, sentBytes: 0 });
});

it("counts a command that was not there before, and a rewritten file as no growth", () => {
  const before = { calls: {}, aofBytes: 900, receivedBytes: 0, sentBytes: 0 };
  expect(redisDelta(before, parseRedisInfo(info(3, 100)))).toMatchObject({ commands: 3, aofBytes: 0 });
});

it("counts the nodes of a cluster together", () => {
  const sum = sumOfCounters([parseRedisInfo(info(10, 500)), parseRedisInfo(info(25, 800))]);
  expect(sum).toMatchObject({ calls: { xadd: 35 }, aofBytes: 1_300, receivedBytes: 2_000, sentBytes: 4_000 });
});
