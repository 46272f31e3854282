import { z } from "zod";
import { durabilitySchema } from "./durability.ts";
import { problemSchema } from "./problem.ts";

const receiptSchema = z
  .object({
    durability: durabilitySchema.describe("What was reached."),
    duplicate: z
      .boolean()
      .describe("It, or a message with its deduplication id, had been stored before; nothing was stored again."),
    epoch: z
      .string()
      .describe(
        "Identity of the address's history. A value other than last time's says that earlier messages were lost.",
      ),
    originalId: z
      .string()
      .optional()
      .describe("Id of the message that was stored before under the same deduplication id, if there was one."),
  })
  .meta({ id: "Receipt", description: "The message is stored." });

/** The answer to one message that is stored. */
export const publishedSchema = z
  .object({ id: z.string().describe("Id of the message."), receipt: receiptSchema })
  .meta({ id: "Published" });

const eventFailedSchema = z
  .object({
    id: z.string().optional().describe("Id of the event, where it could be read."),
    error: problemSchema,
  })
  .meta({ id: "EventFailed", description: "This event is not stored." });

const resultsSchema = z
  .array(z.union([publishedSchema, eventFailedSchema]))
  .describe("One for each event, in their order: stored, or not and why.");

/** The answer to a batch of events that are all stored. */
export const batchPublishedSchema = z.object({ results: resultsSchema }).meta({ id: "BatchPublished" });

/** The answer to a batch of which at least one event is not stored. */
export const batchProblemSchema = problemSchema
  .extend({ results: resultsSchema })
  .meta({ id: "BatchProblem", description: "At least one event is not stored. The results say which." });
