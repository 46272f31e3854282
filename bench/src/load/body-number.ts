/** Bytes at the start of a body that hold its number. */
export const NUMBER_BYTES = 12;

/** What they are in base64. Decimal digits are base64 as they stand, so that any tool's template can write them. */
const DIGITS = 16;
const WORKER_DIGITS = 5;

/** Which message of a load a body is. */
export interface BodyNumber {
  /** Number of the connection or user that sent it; 0 where the tool counts over all of them. */
  readonly worker: number;
  /** Counts up from 0, for each worker. */
  readonly sequence: number;
}

/** The number at the start of a body; undefined when there is none. */
export function readBodyNumber(body: Uint8Array): BodyNumber | undefined {
  const digits = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, NUMBER_BYTES)).toString("base64");
  if (digits.length !== DIGITS || !/^\d+$/.test(digits)) return undefined;
  return { worker: Number(digits.slice(0, WORKER_DIGITS)), sequence: Number(digits.slice(WORKER_DIGITS)) };
}

/** Writes the number over the start of a body. */
export function writeBodyNumber(body: Buffer, { worker, sequence }: BodyNumber): void {
  const digits = String(worker).padStart(WORKER_DIGITS, "0") + String(sequence).padStart(DIGITS - WORKER_DIGITS, "0");
  body.write(digits, 0, NUMBER_BYTES, "base64");
}

/**
 * A body in base64, for templates of tools.
 *
 * @param number 16 characters that become the number: digits, or a template of them
 * @param bytes how long the body is, at least 12
 */
export function base64Body(number: string, bytes: number): string {
  return `${number}${Buffer.alloc(bytes - NUMBER_BYTES, "x").toString("base64")}`;
}
