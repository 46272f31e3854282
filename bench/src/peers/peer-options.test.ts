import { expect, it } from "vitest";
import { parsePeerOptions } from "./peer-options.ts";

it("compares at the rates that tell systems apart when nothing is said", () => {
  expect(parsePeerOptions({})).toEqual({
    bodyBytes: 100,
    rates: [500, 2_000, 8_000, 20_000],
    seconds: 3,
    warmUpSeconds: 1,
    durability: "crash",
  });
});

it("reads what is given", () => {
  expect(parsePeerOptions({ rates: "100, 50", seconds: "0.5", durability: "fsync" })).toMatchObject({
    rates: [100, 50],
    seconds: 0.5,
    durability: "fsync",
  });
});

it.each([
  [{ rates: "500,,2000" }, '--rates: "500,,2000" is not a list of whole numbers'],
  [{ rates: "0" }, '--rates: "0" is not a list of whole numbers from 1 to 1,000,000'],
  [{ bodyBytes: "16" }, "--body-bytes: 16 is below 24"],
  [{ bodyBytes: "many" }, '--body-bytes: "many" is not a number'],
  [{ durability: "none" }, '--durability: "none" is none of crash, fsync'],
  [{ seconds: "0", warmUpSeconds: "-1" }, "--seconds: 0 is below 0.2\n--warm-up-seconds: -1 is below 0"],
])("refuses %o, and says what is allowed", (raw, text) => {
  expect(() => parsePeerOptions(raw)).toThrow(text);
});
