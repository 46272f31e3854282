import { expect, it } from "vitest";
import { resolveCaseOptions } from "../case-options.ts";
import { destinationsOf, readingsOf } from "./destinations.ts";

it("reads each receiver once, spread evenly over the programs", () => {
  const options = resolveCaseOptions({}, { receivers: 5, receiverPrograms: 2 });
  expect(destinationsOf(options).at(-1)).toEqual({ kind: "receiver", id: "receiver-4" });
  expect(readingsOf(options).map((program) => program.map(({ destination }) => destination))).toEqual([
    [0, 2, 4],
    [1, 3],
  ]);
});

it("reads each topic once in each subscription", () => {
  const options = resolveCaseOptions({}, { topics: 2, subscriptions: 3 });
  expect(destinationsOf(options)).toEqual([
    { kind: "topic", topic: "topic-0" },
    { kind: "topic", topic: "topic-1" },
  ]);
  const readings = readingsOf(options).flat();
  expect(new Set(readings.map(({ destination, subscription }) => `${destination}/${subscription}`)).size).toBe(6);
});
