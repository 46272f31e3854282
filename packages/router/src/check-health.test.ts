import { freePort } from "@chappe/testing";
import { expect, test } from "vitest";
import { FakeBroker } from "./fixtures/fake-broker.ts";
import { startTestRouter } from "./fixtures/test-router.ts";
import { checkHealth } from "./check-health.ts";

test("it says what the router says", async () => {
  const broker = new FakeBroker();
  await using fixture = await startTestRouter({ broker });
  expect(await checkHealth(fixture.router.address)).toBe("SERVING");
});

test("no answer is an error that names the address", async () => {
  const address = `127.0.0.1:${await freePort()}`;
  await expect(checkHealth(address, { timeoutMs: 500 })).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining(`${address} does not answer`),
  });
});
