import type { Outcome } from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import { z } from "zod";
import { readDeliveryToken } from "./delivery-token.ts";
import { problemSchema } from "./problem.ts";
import type { ReadingPlace } from "./reading-place.ts";
import type { ReceiveStream } from "./receive-stream.ts";
import type { StreamRegistry } from "./stream-registry.ts";

/** Most outcomes in one request, as in one frame over gRPC. */
const MAX_OUTCOMES = 4_096;

const delivery = z.string().describe("As the stream told it.");
const reason = z.string().optional().describe("Why; kept with the dead letter. At most 1 KiB, the rest is cut.");
const delayMs = z.int().min(0).optional().describe("Retry after so long. Default: the router's backoff.");

const outcomeSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("ack").describe("Done."), delivery }),
    z.strictObject({ kind: z.literal("release").describe("Given back, not counted as an attempt."), delivery }),
    z.strictObject({ kind: z.literal("fail").describe("Counted, retried after a delay."), delivery, delayMs, reason }),
    z.strictObject({ kind: z.literal("reject").describe("To the dead letters at once."), delivery, reason }),
  ])
  .meta({ id: "Outcome", description: "What became of one message." });

type ToldOutcome = z.infer<typeof outcomeSchema>;

/** What consumers tell. */
export const settlementsSchema = z
  .strictObject({ outcomes: z.array(outcomeSchema).min(1).max(MAX_OUTCOMES) })
  .meta({ id: "Settlements" });

/** The answer when every outcome counted. */
export const settledSchema = z.object({ settled: z.int() }).meta({ id: "Settled" });

const refusedSchema = z.object({ delivery: z.string(), error: problemSchema }).meta({ id: "RefusedOutcome" });

/** The answer when one or more outcomes did not count. */
export const settleProblemSchema = problemSchema
  .extend({ settled: z.int().describe("How many outcomes counted."), refused: z.array(refusedSchema) })
  .meta({ id: "SettleProblem", description: "Some outcomes did not count; the others did." });

/** An outcome that did not count, and why. */
export interface RefusedToken {
  readonly delivery: string;
  readonly error: ChappeError;
}

/**
 * Tells each stream what became of its messages. Each outcome counts once, by itself; those that are late, repeated or
 * foreign are returned.
 *
 * @param place where the request says that the streams read
 */
export function settle(
  outcomes: readonly ToldOutcome[],
  streams: StreamRegistry,
  place: ReadingPlace,
): readonly RefusedToken[] {
  const refused: RefusedToken[] = [];
  const byStream = new Map<ReceiveStream, { outcome: Outcome; token: string }[]>();
  for (const told of outcomes) {
    try {
      const at = readDeliveryToken(told.delivery);
      const stream = place.streamOf(streams, at.stream);
      const outcome = { ...told, delivery: at.delivery, first: at.index, count: 1 };
      const known = byStream.get(stream);
      if (known === undefined) byStream.set(stream, [{ outcome, token: told.delivery }]);
      else known.push({ outcome, token: told.delivery });
    } catch (error) {
      refused.push({ delivery: told.delivery, error: ChappeError.from(error) });
    }
  }
  for (const [stream, its] of byStream) {
    const tokens = new Map(its.map(({ outcome, token }) => [outcome, token]));
    for (const { outcome, error } of stream.settle(its.map(({ outcome: each }) => each))) {
      refused.push({ delivery: tokens.get(outcome)!, error });
    }
  }
  return refused;
}
