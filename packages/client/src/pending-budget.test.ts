import { describe, expect, test } from "vitest";
import { PendingBudget } from "./pending-budget.ts";

function waiting(budget: PendingBudget) {
  const told: string[] = [];
  const wait = (name: string, deadlineMs: number) =>
    budget.wait({
      deadlineMs,
      admit: () => {
        told.push(`${name} in`);
        budget.take(10);
      },
      giveUp: () => told.push(`${name} out`),
    });
  return { told, wait };
}

describe("a budget", () => {
  test("lets in one after the other as room comes, and nobody overtakes", () => {
    const budget = new PendingBudget(10);
    budget.take(10);
    const { told, wait } = waiting(budget);
    wait("a", 100);
    wait("b", 200);
    budget.release(10);
    expect(budget.isFull).toBe(true);
    budget.admit();
    expect(told).toEqual(["a in"]);
    budget.release(10);
    budget.admit();
    expect(told).toEqual(["a in", "b in"]);
    budget.release(10);
    expect([budget.isFull, budget.isEmpty]).toEqual([false, true]);
  });

  test("sends away those whose time is over, and no others", () => {
    const budget = new PendingBudget(10);
    budget.take(10);
    const { told, wait } = waiting(budget);
    wait("a", 100);
    wait("b", 200);
    budget.expire(150);
    expect(told).toEqual(["a out"]);
    budget.expireAll();
    expect(told).toEqual(["a out", "b out"]);
    expect(budget.isEmpty).toBe(false);
  });
});
