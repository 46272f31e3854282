import type { Histogram } from "hdr-histogram-js";
import { microsHistogram, recordMicros } from "../percentiles.ts";
import type { Reading } from "./destinations.ts";
import { OrderChecker, sumVerdicts, type Verdict } from "./order-checker.ts";
import { readStamp, STAMP_BYTES } from "./stamp.ts";

/** What has arrived at one receiver program. */
export class Arrivals {
  readonly #bodyBytes: number;
  readonly #now: () => number;
  /** By reading, then by sender. */
  readonly #checkers: OrderChecker[][];
  readonly #readings: readonly Reading[];
  readonly #latency = microsHistogram();
  #count = 0;
  #damaged = 0;

  constructor(readings: readonly Reading[], bodyBytes: number, nowMicros: () => number) {
    this.#readings = readings;
    this.#bodyBytes = bodyBytes;
    this.#now = nowMicros;
    this.#checkers = readings.map(() => []);
  }

  /** Messages so far. */
  get count(): number {
    return this.#count;
  }

  get latency(): Histogram {
    return this.#latency;
  }

  /** Notes a message that the reading at this index got. */
  note(reading: number, body: Uint8Array): void {
    this.#count++;
    if (body.length !== this.#bodyBytes || body.length < STAMP_BYTES) {
      this.#damaged++;
      return;
    }
    const { sender, sequence, intendedMicros } = readStamp(body);
    recordMicros(this.#latency, this.#now() - intendedMicros);
    const checkers = this.#checkers[reading] as OrderChecker[];
    (checkers[sender] ??= new OrderChecker()).note(sequence);
  }

  /**
   * What became of the messages sent. A damaged body counts as lost, since nobody got what was sent.
   *
   * @param sent how many, by sender and then by destination
   */
  verdict(sent: readonly (readonly number[])[]): Verdict {
    const verdicts = this.#readings.flatMap(({ destination }, reading) =>
      sent.map((perDestination, sender) => {
        const checker = this.#checkers[reading]?.[sender] ?? new OrderChecker();
        return checker.verdict(perDestination[destination] ?? 0);
      }),
    );
    const sum = sumVerdicts(verdicts);
    return { ...sum, received: sum.received + this.#damaged };
  }
}
