import type { Order } from "./program-plan.ts";

const RealDate = Date;
let shiftMs = 0;

/** Loaded before a program (`--import`): lets the run block its event loop, and set its clock. */
function obey(order: Order): void {
  if (order.kind === "block") blockFor(order.forMs);
  if (order.kind === "shift-clock") shiftMs = order.byMs;
}

function blockFor(forMs: number): void {
  // Nothing can wake it before.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

class ShiftedDate extends RealDate {
  constructor(...args: [] | [number | string | Date]) {
    if (args.length === 0) super(ShiftedDate.now());
    else super(...args);
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
process.on("message", obey);
// Orders alone keep nobody alive.
process.channel?.unref();
