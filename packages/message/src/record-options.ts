import { checkAttributes, checkId, checkReplyTo, checkTraceparent, type MessageInput } from "./message-input.ts";
import { checkOptionText } from "./option-text.ts";
import type { WireWriter } from "./wire-writer.ts";

/** What a record says besides its body, when it says more than the batch's header does. */
export interface RecordOptions {
  /** Undefined: as the header has it. */
  readonly contentType: string | undefined;
  /** Undefined: as the header has it. */
  readonly type: string | undefined;
  readonly timeOffsetMs: number;
}

/**
 * Writes all fields of a `chappe.v1.Record` that follow its body.
 *
 * @throws ChappeError INVALID_ARGUMENT for an option outside its limits
 */
export function writeRecordOptions(writer: WireWriter, input: MessageInput, options: RecordOptions): void {
  if (options.contentType !== undefined) writer.presentString(2, options.contentType);
  if (options.type !== undefined) writer.presentString(3, options.type);
  if (input.id !== undefined) {
    checkId(input.id);
    writer.presentString(4, input.id);
  }
  writer.uint32(5, options.timeOffsetMs);
  if (input.correlationId !== undefined) {
    checkOptionText(input.correlationId, "correlationId");
    writer.string(6, input.correlationId);
  }
  if (input.replyTo !== undefined) {
    checkReplyTo(input.replyTo);
    writer.string(7, input.replyTo);
  }
  if (input.traceparent !== undefined) {
    checkTraceparent(input.traceparent);
    writer.string(8, input.traceparent);
  }
  if (input.attributes !== undefined) writeAttributes(writer, 9, input.attributes);
}

function writeAttributes(writer: WireWriter, field: number, attributes: Readonly<Record<string, string>>): void {
  checkAttributes(attributes);
  for (const key of Object.keys(attributes)) {
    const value = attributes[key] as string;
    const expectedBytes = key.length + value.length + 4;
    const entry = writer.open(field, expectedBytes);
    writer.presentString(1, key);
    writer.presentString(2, value);
    writer.close(entry, expectedBytes);
  }
}
