import { randomBytes } from "k6/crypto";
import { b64encode } from "k6/encoding";

/** Protobuf's tag of field 1 when it is bytes or a message: `Records.record`, and `Record.body`. */
const FIRST_FIELD = 0x0a;

/** A serialized `Records` in base64: the messages of a batch. @param bodies ArrayBuffers of the same length */
export function encodeRecords(bodies) {
  const length = bodies[0].byteLength;
  const head = [FIRST_FIELD, ...varint(1 + varint(length).length + length), FIRST_FIELD, ...varint(length)];
  const records = new Uint8Array(bodies.length * (head.length + length));
  let offset = 0;
  for (const body of bodies) {
    records.set(head, offset);
    records.set(new Uint8Array(body), offset + head.length);
    offset += head.length + length;
  }
  return b64encode(records.buffer);
}

/** A UUIDv7 in base64 (RFC 9562, section 5.7): the id of a batch's first message. */
export function newFirstId(unixMs) {
  const id = new Uint8Array(randomBytes(16));
  for (let index = 5, rest = unixMs; index >= 0; index--, rest = Math.floor(rest / 256)) id[index] = rest % 256;
  id[6] = 0x70 | (id[6] & 0x0f);
  id[8] = 0x80 | (id[8] & 0x3f);
  return b64encode(id.buffer);
}

/** A number as protobuf writes lengths: seven bits a byte, lowest first. */
function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}
