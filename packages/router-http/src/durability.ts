import type { Durability } from "@chappe/broker";
import { MAX_REPLICAS, parseDurability } from "@chappe/message";
import { z } from "zod";

const PATTERN = new RegExp(`^(accepted|fsynced|replicated(\\((${oneTo(MAX_REPLICAS)})\\))?)$`);

/** How a durability is written over HTTP. */
export const durabilitySchema = z
  .string()
  .regex(PATTERN)
  .meta({ examples: ["accepted", "replicated(2)", "fsynced"] });

/** What the header `Chappe-Durability` asks for. @throws ChappeError INVALID_ARGUMENT */
export function durabilityOf(header: unknown): Durability {
  return header === undefined ? "accepted" : parseDurability(header, "Chappe-Durability");
}

function oneTo(last: number): string {
  return Array.from({ length: last }, (_, index) => index + 1).join("|");
}
