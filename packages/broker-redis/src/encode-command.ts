/** One argument of a command. Pieces are one argument, joined. Text is encoded as UTF-8. */
export type Argument = string | number | Uint8Array | readonly Uint8Array[];

/** Bytes from this length on go to the socket by themselves: copying fewer is cheaper than one more write. */
const COPY_BELOW_BYTES = 2_048;

/** Text up to this length is written letter by letter, which is quicker than asking Node to. */
const SHORT_TEXT = 96;

/** Of what precedes an argument: a sign, its length, and the end of the line. */
const MAX_HEADER_BYTES = 24;

const CR = 0x0d;
const LF = 0x0a;
const NUMBER_OF_ARGUMENTS = 0x2a;
const LENGTH_OF_ARGUMENT = 0x24;
const ZERO = 0x30;
const FIRST_BEYOND_ASCII = 0x80;

/** What is copied together is gathered here, and copied out once its length is known. */
const gathered: Uint8Array = new Uint8Array(65_536);
const gatheredText: Buffer = Buffer.from(gathered.buffer);

/**
 * Encodes a command as RESP, the protocol of Redis. Long byte arrays are among the chunks as they are; all else is
 * copied together.
 */
export function encodeCommand(parts: readonly Argument[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = writeHeader(NUMBER_OF_ARGUMENTS, parts.length, 0);
  for (const part of parts) {
    if (typeof part === "object") {
      const pieces = part instanceof Uint8Array ? [part] : part;
      if (at + MAX_HEADER_BYTES > gathered.length) at = takeGathered(at, chunks);
      at = writeHeader(LENGTH_OF_ARGUMENT, lengthOf(pieces), at);
      for (const piece of pieces) at = addBytes(piece, at, chunks);
    } else {
      const text = typeof part === "number" ? String(part) : part;
      if (at + MAX_HEADER_BYTES + SHORT_TEXT > gathered.length) at = takeGathered(at, chunks);
      at = (text.length <= SHORT_TEXT && writeShort(text, at)) || addText(text, at, chunks);
    }
    if (at + MAX_HEADER_BYTES > gathered.length) at = takeGathered(at, chunks);
    gathered[at++] = CR;
    gathered[at++] = LF;
  }
  takeGathered(at, chunks);
  return chunks;
}

/** Writes a text argument without its end. Returns where that comes; 0 if a letter of it takes more than a byte. */
function writeShort(text: string, start: number): number {
  let at = writeHeader(LENGTH_OF_ARGUMENT, text.length, start);
  for (let index = 0; index < text.length; index++) {
    const letter = text.charCodeAt(index);
    if (letter >= FIRST_BEYOND_ASCII) return 0;
    gathered[at++] = letter;
  }
  return at;
}

function addText(text: string, start: number, chunks: Uint8Array[]): number {
  const length = Buffer.byteLength(text);
  const at = writeHeader(LENGTH_OF_ARGUMENT, length, start);
  if (length >= COPY_BELOW_BYTES) return addBytes(Buffer.from(text), at, chunks);
  if (at + length <= gathered.length) return at + gatheredText.write(text, at);
  return gatheredText.write(text, takeGathered(at, chunks));
}

function addBytes(bytes: Uint8Array, start: number, chunks: Uint8Array[]): number {
  const isCopied = bytes.length < COPY_BELOW_BYTES;
  const at = isCopied && start + bytes.length <= gathered.length ? start : takeGathered(start, chunks);
  if (isCopied) gathered.set(bytes, at);
  else chunks.push(bytes);
  return isCopied ? at + bytes.length : at;
}

/** Copies out what is gathered. Returns where the next begins. */
function takeGathered(end: number, chunks: Uint8Array[]): 0 {
  const chunk = Buffer.allocUnsafe(end);
  chunk.set(gathered.subarray(0, end));
  chunks.push(chunk);
  return 0;
}

function writeHeader(sign: number, value: number, start: number): number {
  let at = start;
  gathered[at++] = sign;
  let unit = 1;
  while (unit * 10 <= value) unit *= 10;
  for (let rest = value; unit >= 1; unit = Math.floor(unit / 10)) {
    const digit = Math.floor(rest / unit);
    gathered[at++] = ZERO + digit;
    rest -= digit * unit;
  }
  gathered[at++] = CR;
  gathered[at++] = LF;
  return at;
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
