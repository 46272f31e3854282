/** One argument of a command. Pieces are one argument, joined. Text is encoded as UTF-8. */
export type Argument = string | number | Uint8Array | readonly Uint8Array[];

/** Bytes from this length on go to the socket by themselves: copying fewer is cheaper than one more write. */
const COPY_BELOW_BYTES = 2_048;

/**
 * Encodes a command as RESP, the protocol of Redis. Long byte arrays are among the chunks as they are; all else is
 * copied together.
 */
export function encodeCommand(parts: readonly Argument[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const open: (string | Uint8Array)[] = [];
  let text = `*${parts.length}\r\n`;
  const addBytes = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    open.push(text, bytes);
    text = "";
    if (bytes.length < COPY_BELOW_BYTES) return;
    open.pop();
    chunks.push(join(open), bytes);
    open.length = 0;
  };
  for (const part of parts) {
    if (typeof part === "object") {
      const pieces = part instanceof Uint8Array ? [part] : part;
      text += `$${lengthOf(pieces)}\r\n`;
      for (const piece of pieces) addBytes(piece);
      text += "\r\n";
    } else {
      const value = typeof part === "number" ? String(part) : part;
      text += `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
    }
  }
  open.push(text);
  chunks.push(join(open));
  return chunks;
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

function join(parts: readonly (string | Uint8Array)[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += typeof part === "string" ? Buffer.byteLength(part) : part.length;
  const joined = Buffer.allocUnsafe(length);
  let at = 0;
  for (const part of parts) {
    if (typeof part === "string") at += joined.write(part, at);
    else {
      joined.set(part, at);
      at += part.length;
    }
  }
  return joined;
}
