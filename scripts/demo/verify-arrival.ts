import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type ProgramUnderTest, waitFor } from "@chappe/testing";
import type { DemoMessage } from "./demo-story.ts";

/** The parts of a receiver's JSON line that the demo looks at. */
interface ReceivedLine {
  readonly sender: string;
  readonly contentType: string;
  readonly text?: string;
  readonly base64?: string;
  readonly file?: string;
}

/** SHA-256, in hexadecimal. */
export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Waits for a message at a receiver, and holds it to what was sent.
 *
 * @throws Error when it does not come within 15 s, or comes with another body, content type or sender
 */
export async function verifyArrival(receiver: ProgramUnderTest, id: string, message: DemoMessage): Promise<void> {
  const line = await waitFor(() => receiver.stdout.find((each) => each.startsWith(`{"id":"${id}"`)), {
    deadlineMs: 15_000,
    describe: `${message.title} arrives`,
  });
  const received = JSON.parse(line) as ReceivedLine;
  const expected = { sender: "sender-01", contentType: message.contentType, sha256: digest(message.body) };
  const arrived = {
    sender: received.sender,
    contentType: received.contentType,
    sha256: digest(bodyOf(received)),
  };
  if (JSON.stringify(arrived) === JSON.stringify(expected)) return;
  throw new Error(
    `${message.title} arrived as ${JSON.stringify(arrived)}, but was sent as ${JSON.stringify(expected)}`,
  );
}

function bodyOf({ text, base64, file }: ReceivedLine): Uint8Array {
  if (file !== undefined) return readFileSync(file);
  return text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text);
}
