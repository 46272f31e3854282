import { z } from "zod";
import { count, duration, oneOf, parseOptions } from "../option-values.ts";
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

const shape = {
  // NATS takes no more than a mebibyte a message, its header included.
  bodyBytes: count(LEAST_TEXT_BYTES, 1_000_000),
  rates,
  seconds: duration(0.2, 3_600),
  warmUpSeconds: duration(0, 600),
  durability: oneOf(DURABILITIES),
};

const defaults: PeerOptions = {
  bodyBytes: 100,
  rates: PEER_RATES,
  seconds: 3,
  warmUpSeconds: 1,
  durability: "crash",
};

/**
 * Reads options given as texts; what is not there has its default.
 *
 * @throws Error with a line for each problem: the flag, its value and what is allowed
 */
export function parsePeerOptions(raw: Readonly<Record<string, unknown>>): PeerOptions {
  return { ...defaults, ...parseOptions(shape, raw) };
}
