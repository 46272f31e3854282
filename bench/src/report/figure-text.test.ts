import { expect, it } from "vitest";
import { amount, duration, size } from "./figure-text.ts";

it.each([
  [1.234, "1.23"],
  [123.4, "123"],
  [10_437.2, "10,437"],
])("writes %s as %s", (value, text) => {
  expect(amount(value)).toBe(text);
});

it.each([
  [undefined, ""],
  [7.4, "7 µs"],
  [1_000, "1.00 ms"],
  [123_456, "123 ms"],
  [61_000_000, "61.0 s"],
])("writes %s microseconds as %s", (micros, text) => {
  expect(duration(micros)).toBe(text);
});

it.each([
  [100, "100 bytes"],
  [4_096, "4 KiB"],
  [1_048_576, "1 MiB"],
  [705_732_608, "673 MiB"],
  [5_000_000_000_000, "4660 GiB"],
])("writes %s bytes as %s", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});
