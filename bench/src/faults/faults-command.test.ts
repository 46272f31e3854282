import { expect, test } from "vitest";
import { readFaultsCommand } from "./faults-command.ts";
import { allFaults, faultsOn } from "./injected/all-faults.ts";

test("without options one Redis has every fault that it can have, for two minutes, from a seed that is a whole number", () => {
  const asked = readFaultsCommand([]);
  expect(asked).toMatchObject({
    kind: "run",
    site: "standalone",
    durability: "accepted",
    minutes: 2,
    faults: faultsOn("standalone"),
    json: undefined,
  });
  expect(asked.kind === "run" && Number.isSafeInteger(asked.seed)).toBe(true);
});

test("seed, minutes, faults and file can be said", () => {
  const asked = readFaultsCommand(["--seed", "7", "--minutes", "0.5", "--only", "^kill-redis$", "--json", "out.json"]);
  expect(asked).toMatchObject({ kind: "run", seed: 7, minutes: 0.5, json: "out.json" });
  expect(asked.kind === "run" && asked.faults.map(({ name }) => name)).toEqual(["kill-redis"]);
});

test("a site brings the durability of the sender that heals nothing, and another can be said where it can be had", () => {
  expect(readFaultsCommand(["--site", "sentinel"])).toMatchObject({ durability: "replicated" });
  expect(readFaultsCommand(["--durability", "fsynced"])).toMatchObject({ durability: "fsynced" });
  expect(readFaultsCommand(["--durability", "replicated"])).toEqual({
    kind: "wrong",
    text: "--durability replicated: on this site accepted or fsynced\n",
  });
});

test("a site brings the faults that it can have", () => {
  const asked = readFaultsCommand(["--site", "cluster", "--only", "^(move-slots|kill-redis|empty-redis)$"]);
  expect(asked).toMatchObject({ kind: "run", site: "cluster" });
  expect(asked.kind === "run" && asked.faults.map(({ name }) => name)).toEqual(["kill-redis", "move-slots"]);
});

test("all faults are listed, or those of a site", () => {
  expect(readFaultsCommand(["--list"])).toEqual({ kind: "list", faults: allFaults });
  expect(readFaultsCommand(["--list", "--site", "sentinel"])).toEqual({ kind: "list", faults: faultsOn("sentinel") });
});

test("what is not possible is said, with what is allowed", () => {
  expect(readFaultsCommand(["--seed", "x"])).toEqual({ kind: "wrong", text: '--seed: "x" is not a number\n' });
  expect(readFaultsCommand(["--minutes", "0"])).toEqual({ kind: "wrong", text: "--minutes: 0 is below 0.1\n" });
  for (const name of ["gremlins", "move-slots"]) {
    expect(readFaultsCommand(["--only", name])).toEqual({
      kind: "wrong",
      text: `--only "${name}": no fault of this site is called so; --list names them\n`,
    });
  }
  const elsewhere = readFaultsCommand(["--site", "moon"]);
  expect(elsewhere).toMatchObject({ kind: "wrong", text: expect.stringContaining("standalone, sentinel, cluster") });
});
