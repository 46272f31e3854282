import { ChappeError, MAX_MESSAGE_BYTES } from "@chappe/message";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a stream of bytes, each without its line end (LF or CRLF). An empty line is an empty message; a last
 * line needs no line end. Bytes stay as they are, whatever their encoding.
 *
 * Yields all lines of a chunk together, because an `await` per line would cost more than the line.
 *
 * @param maxLineBytes how much of a line to hold while its end is awaited, so that no input can fill the memory
 * @throws ChappeError INVALID_ARGUMENT when a line goes on beyond that; the lines before it have been yielded
 */
export async function* linesOf(
  input: AsyncIterable<Uint8Array>,
  maxLineBytes: number = MAX_MESSAGE_BYTES,
): AsyncGenerator<Uint8Array[]> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let count = 0;

  for await (const chunk of input) {
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const rest = chunk.subarray(from, end);
      const line = pending.length === 0 ? rest : Buffer.concat([...pending, rest]);
      lines.push(withoutCarriageReturn(line));
      pending = [];
      pendingBytes = 0;
      from = end + 1;
    }
    if (lines.length > 0) yield lines;
    count += lines.length;

    if (from === chunk.length) continue;
    pending.push(chunk.subarray(from));
    pendingBytes += chunk.length - from;
    if (pendingBytes > maxLineBytes) {
      throw new ChappeError(
        "INVALID_ARGUMENT",
        `line ${count + 1} of standard input is longer than the ${maxLineBytes} bytes a message may have`,
      );
    }
  }
  if (pendingBytes > 0) yield [withoutCarriageReturn(Buffer.concat(pending))];
}

function withoutCarriageReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
