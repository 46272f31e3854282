import { expect, it } from "vitest";
import { readCommandLine } from "../command-line.ts";

it("compares all systems when nothing is said", () => {
  expect(readCommandLine(["peers"])).toMatchObject({
    kind: "peers",
    pattern: undefined,
    options: { rates: [500, 2_000, 8_000, 20_000], durability: "crash" },
    json: undefined,
    html: undefined,
  });
});

it("compares those that a pattern matches, with the options given", () => {
  const argv = ["peers", "--systems", "^article", "--rates", "500", "--seconds", "1", "--json", "peers.json"];
  expect(readCommandLine(argv)).toMatchObject({
    pattern: /^article/,
    options: { rates: [500], seconds: 1 },
    json: "peers.json",
  });
});

it.each([
  [["--systems", "("], '"(" is not a regular expression'],
  [["--body-bytes", "16"], "--body-bytes: 16 is below 24"],
])("refuses %o, and says why", (argv, text) => {
  expect(readCommandLine(["peers", ...argv])).toEqual({
    kind: "wrong",
    text: expect.stringContaining(text) as string,
  });
});
