import { expect, test } from "vitest";
import { startRedisSentinel } from "./start-redis-sentinel.ts";

test.skipIf(process.env["REDIS_URL"])(
  "sentinels fail over when asked to, and when the primary dies",
  async () => {
    await using fixture = await startRedisSentinel({ replicas: 1 });
    const [first, second] = fixture.servers;
    expect(await fixture.primary()).toBe(first);
    await fixture.failOver();
    expect(await fixture.primary()).toBe(second);
    await second?.kill();
    await fixture.failedOver(second!);
    expect(await fixture.primary()).toBe(first);
  },
  60_000,
);
