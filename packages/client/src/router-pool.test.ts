import { describe, expect, test } from "vitest";
import { FakeRouters } from "./fixtures/fake-routers.ts";
import { RouterPool } from "./router-pool.ts";

function pool(routers: readonly string[], random = () => 0) {
  const fake = new FakeRouters();
  return { pool: new RouterPool(routers, fake.open, random), channels: fake.channels };
}

describe("routers", () => {
  test("are leased in turn, beginning anywhere", () => {
    const { pool: routers } = pool(["a", "b", "c"], () => 0.5);
    expect([1, 2, 3, 4].map(() => routers.lease().channel.router)).toEqual(["b", "c", "a", "b"]);
  });

  test("that gave trouble are passed over where there is another", () => {
    expect(pool(["a", "b"]).pool.lease("a").channel.router).toBe("b");
    expect(pool(["a"]).pool.lease("a").channel.router).toBe("a");
  });

  test("share a connection among streams, until the last lets go", () => {
    const { pool: routers, channels } = pool(["a"]);
    const [first, second] = [routers.lease(), routers.lease()];
    expect(channels).toHaveLength(1);
    first.release();
    first.release();
    expect(channels[0]!.isClosed).toBe(false);
    second.release();
    expect(channels[0]!.isClosed).toBe(true);
    routers.lease();
    expect(channels).toHaveLength(2);
  });

  test("whose connection was discarded are reached over a new one; the old one serves those who hold it", () => {
    const { pool: routers, channels } = pool(["a"]);
    const [first, second] = [routers.lease(), routers.lease()];
    first.discard();
    first.release();
    const third = routers.lease();
    expect(third.channel).not.toBe(second.channel);
    expect(channels[0]!.isClosed).toBe(false);
    second.discard();
    second.release();
    expect(channels.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(routers.lease().channel).toBe(third.channel);
  });
});
