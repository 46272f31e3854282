import { expect, test } from "vitest";
import { readFaultsCommand } from "./faults-command.ts";
import { allFaults } from "./injected/all-faults.ts";

test("without options every fault may come, for two minutes, from a seed that is a whole number", () => {
  const asked = readFaultsCommand([]);
  expect(asked).toMatchObject({ kind: "run", minutes: 2, faults: allFaults, json: undefined });
  expect(asked.kind === "run" && Number.isSafeInteger(asked.seed)).toBe(true);
});

test("seed, minutes, faults and file can be said", () => {
  const asked = readFaultsCommand(["--seed", "7", "--minutes", "0.5", "--only", "^kill-redis$", "--json", "out.json"]);
  expect(asked).toMatchObject({ kind: "run", seed: 7, minutes: 0.5, json: "out.json" });
  expect(asked.kind === "run" && asked.faults.map(({ name }) => name)).toEqual(["kill-redis"]);
});

test("what is not possible is said, with what is allowed", () => {
  expect(readFaultsCommand(["--seed", "x"])).toEqual({ kind: "wrong", text: '--seed: "x" is not a number\n' });
  expect(readFaultsCommand(["--minutes", "0"])).toEqual({ kind: "wrong", text: "--minutes: 0 is below 0.1\n" });
  expect(readFaultsCommand(["--only", "gremlins"])).toEqual({
    kind: "wrong",
    text: '--only "gremlins": no fault is called so; --list names them\n',
  });
});
