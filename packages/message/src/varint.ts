const TWO_TO_32 = 0x1_0000_0000;

/** How many bytes a whole number from 0 to 2^53 - 1 takes as a varint. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  if (value < 0x1000_0000) return 4;
  let bytes = 5;
  for (let rest = value / 0x8_0000_0000; rest >= 1; rest /= 0x80) bytes++;
  return bytes;
}

/** Writes a whole number from 0 to 2^53 - 1 as a varint; returns the position behind it. The room must be there. */
export function writeVarint(buffer: Uint8Array, position: number, value: number): number {
  let rest = value;
  // Beyond 32 bits the bit operators would cut; division is exact up to 2^53.
  while (rest >= TWO_TO_32) {
    buffer[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest >= 0x80) {
    buffer[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[position++] = rest;
  return position;
}
