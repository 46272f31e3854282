import { expect, it } from "vitest";
import { natsConfiguration, parseNatsVersion } from "./nats-server.ts";

it.each([
  ["nats-server: v2.15.2\n", "nats-server 2.15.2"],
  ["nats-server: v2.9.10-beta.1\n", "nats-server 2.9.10-beta.1"],
  ["something else", "nats-server unknown"],
])("reads the version in %o", (output, version) => {
  expect(parseNatsVersion(output)).toBe(version);
});

it("lets JetStream write through to the disk only when that is asked for", () => {
  expect(natsConfiguration(4_222, "/data", "fsync")).toContain("sync_interval: always");
  const crash = natsConfiguration(4_222, "/data", "crash");
  expect(crash).not.toContain("sync_interval");
  expect(crash).toContain('listen: "127.0.0.1:4222"');
  expect(crash).toContain('store_dir: "/data"');
});
