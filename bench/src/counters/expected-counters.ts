import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const path = new URL("../../counters.json", import.meta.url);
const count = z.number().nonnegative();

const expectedCounters = z.object({
  /** What they were counted with. Another Node allocates otherwise, another Redis may write otherwise. */
  node: z.string(),
  redis: z.string(),
  /** By work, for 100,000 messages. */
  counters: z.record(z.string(), z.record(z.string(), count)),
});

/** What bench/counters.json holds: the counts that every change is held to. */
export type ExpectedCounters = z.infer<typeof expectedCounters>;

/** Reads bench/counters.json. @throws Error when it is not there or is something else */
export function readExpectedCounters(): ExpectedCounters {
  try {
    return expectedCounters.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`bench/counters.json cannot be used; pnpm bench counters --update writes it anew\n${what}`);
  }
}

/** Writes it. */
export function writeExpectedCounters(expected: ExpectedCounters): void {
  writeFileSync(path, `${JSON.stringify(expectedCounters.parse(expected), null, 2)}\n`);
}
