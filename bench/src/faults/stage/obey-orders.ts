import type { Obeyed, Order } from "./program-plan.ts";

const RealDate = Date;
let shiftMs = 0;

/** Loaded before a program (`--import`): lets the run block its event loop, and set its clock; says what it saw of it. */
function obey(order: Order): void {
  if (order.kind === "block") answer(blockFor(order.forMs));
  if (order.kind === "shift-clock") answer(shiftTo(order.byMs));
}

function answer(sawMs: number): void {
  const obeyed: Obeyed = { kind: "obeyed", sawMs };
  process.send?.(obeyed);
}

function shiftTo(byMs: number): number {
  shiftMs = byMs;
  return Date.now() - RealDate.now();
}

function blockFor(forMs: number): number {
  const fromMs = performance.now();
  // Nothing can wake it before.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
  return performance.now() - fromMs;
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
