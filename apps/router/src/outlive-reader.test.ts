import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { outliveReader } from "./outlive-reader.ts";

test("a log that nobody reads any more ends no router, and any other trouble with it is told", () => {
  const log = new PassThrough();
  outliveReader(log);
  log.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  expect(() => log.emit("error", full)).toThrow("no space left on device");
});
