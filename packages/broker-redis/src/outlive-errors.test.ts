import { startRedis } from "@chappe/testing";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { outliveErrors } from "./outlive-errors.ts";

test.skipIf(process.env["REDIS_URL"])("a stream may fail a second time", async () => {
  await using redis = await startRedis();
  const driver = new Redis(redis.url, { lazyConnect: true, retryStrategy: null });
  const told: string[] = [];
  driver.on("error", (error: Error) => told.push(error.message));
  outliveErrors(driver);
  await driver.connect();
  const { stream } = driver;
  stream.emit("error", new Error("one"));
  stream.emit("error", new Error("another"));
  expect(told).toEqual(["one"]);
  driver.disconnect();
});
