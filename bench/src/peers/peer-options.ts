import { z } from "zod";
import { count, flagOf, seconds } from "../case-options.ts";
import { DURABILITIES, type Durability } from "./peer.ts";
import { PEER_RATES } from "./peer-ratios.ts";
import { LEAST_TEXT_BYTES } from "./text-body.ts";

/** How a comparison of peers is run. */
export interface PeerOptions {
  /** Bytes of each body. */
  readonly bodyBytes: number;
  /** Rates in messages a second at which latency is measured, in their order. */
  readonly rates: readonly number[];
  /** How long to measure each case, after the warm-up. */
  readonly seconds: number;
  /** How long to send before measuring. */
  readonly warmUpSeconds: number;
  readonly durability: Durability;
}

const rates = z.string().transform((text, context) => {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (parts.every((rate) => Number.isInteger(rate) && rate >= 1 && rate <= 1_000_000)) return parts;
  context.addIssue({
    code: "custom",
    message: `"${text}" is not a list of whole numbers from 1 to 1,000,000 with commas between them`,
  });
  return z.NEVER;
});

const shape = z.object({
  // NATS takes no more than a mebibyte a message, its header included.
  bodyBytes: count(LEAST_TEXT_BYTES, 1_000_000).prefault("100"),
  rates: rates.prefault(PEER_RATES.join(",")),
  seconds: seconds(0.2, 3_600).prefault("3"),
  warmUpSeconds: seconds(0, 600).prefault("1"),
  durability: z
    .enum(DURABILITIES, { error: ({ input }) => `"${String(input)}" is none of ${DURABILITIES.join(", ")}` })
    .default("crash"),
});

/**
 * Reads options given as texts; what is not there has its default.
 *
 * @throws Error with a line for each problem: the flag, its value and what is allowed
 */
export function parsePeerOptions(raw: Readonly<Record<string, unknown>>): PeerOptions {
  const checked = shape.safeParse(raw);
  if (checked.success) return checked.data;
  throw new Error(checked.error.issues.map(({ path, message }) => `${flagOf(path[0])}: ${message}`).join("\n"));
}
