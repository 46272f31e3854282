/** A peer cannot be measured because this machine lacks a part of it: a gap in the comparison, not a failure. */
export class MissingPart extends Error {
  override readonly name = "MissingPart";
}
