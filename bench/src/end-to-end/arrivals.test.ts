import { describe, expect, it } from "vitest";
import { percentilesOf } from "../percentiles.ts";
import { Arrivals } from "./arrivals.ts";
import { writeStamp } from "./stamp.ts";

const readings = [
  { destination: 0, subscription: "a" },
  { destination: 0, subscription: "b" },
];

function stamped(sender: number, sequence: number, intendedMicros = 0): Buffer {
  const body = Buffer.alloc(20);
  writeStamp(body, sender, sequence, intendedMicros);
  return body;
}

describe("arrivals", () => {
  it("expect every message of every sender in every subscription", () => {
    const arrivals = new Arrivals(readings, 20, () => 0);
    for (const reading of [0, 1]) {
      arrivals.note(reading, stamped(0, 0));
      arrivals.note(reading, stamped(1, 0));
    }
    arrivals.note(1, stamped(1, 1));
    expect(arrivals.verdict([[1], [2]])).toEqual({ received: 5, lost: 1, duplicates: 0, outOfOrder: 0 });
  });

  it("count all as lost where nothing came", () => {
    expect(new Arrivals(readings, 20, () => 0).verdict([[7]])).toMatchObject({ received: 0, lost: 14 });
  });

  it("take a body of another length for a lost message", () => {
    const arrivals = new Arrivals(readings.slice(0, 1), 21, () => 0);
    arrivals.note(0, stamped(0, 0));
    expect(arrivals.verdict([[1]])).toMatchObject({ received: 1, lost: 1 });
  });

  it("measure from the time a message was meant to be sent", () => {
    const arrivals = new Arrivals(readings, 20, () => 5_000);
    arrivals.note(0, stamped(0, 0, 4_000));
    arrivals.note(0, stamped(0, 1, 4_500));
    expect(percentilesOf(arrivals.latency)).toMatchObject({ p50: 500, max: 1_000 });
  });
});
