import { expect, test } from "vitest";
import { formatListen, parseListen } from "./listen-target.ts";

test.each([
  ["0.0.0.0:9090", { host: "0.0.0.0", port: 9090 }],
  ["localhost:0", { host: "localhost", port: 0 }],
  ["[::1]:9090", { host: "::1", port: 9090 }],
  ["unix:/tmp/chappe.sock", { path: "/tmp/chappe.sock" }],
])("%s is read, and written the same", (text, target) => {
  expect(parseListen(text)).toEqual(target);
  expect(formatListen(target)).toBe(text);
});

test.each(["", "9090", ":9090", "localhost", "localhost:", "localhost:65536", "a b:1", "::1:9090", "unix:"])(
  "%j is refused, with what is allowed",
  (text) => {
    expect(() => parseListen(text)).toThrow(`listen "${text}": must be host:port, such as 0.0.0.0:9090`);
  },
);
