import { expect, test } from "vitest";
import { ChappeError } from "./chappe-error.ts";
import { checkName } from "./name.ts";

test("letters, digits, dot, underscore and dash make a name", () => {
  for (const name of ["a", "sender-01", "Orders.v2_EU", "-", "x".repeat(200)]) checkName(name, "sender");
});

test("a wrong character is refused with its position", () => {
  expect(() => checkName("order s", "topic")).toThrow(
    'topic "order s" has " " at position 5; allowed are a-z A-Z 0-9 . _ -',
  );
  expect(() => checkName("a\u0000", "topic")).toThrow('has "\\u0000" at position 1');
  expect(() => checkName("grün", "topic")).toThrow('has "ü" at position 2');
  expect(() => checkName("a😀", "topic")).toThrow('has "😀" at position 1');
});

test("an empty, a too long and a missing name are refused with what is allowed", () => {
  expect(() => checkName("", "sender")).toThrow("sender is empty; 1 to 200 characters are allowed");
  expect(() => checkName("x".repeat(201), "sender")).toThrow("has 201 bytes; at most 200 are allowed");
  expect(() => checkName(undefined as unknown as string, "sender")).toThrow("sender must be a string, not undefined");
});

test("every refusal is an INVALID_ARGUMENT, whose message does not flood a log", () => {
  try {
    checkName("x".repeat(1_000_000), "sender");
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ChappeError);
    expect((error as ChappeError).code).toBe("INVALID_ARGUMENT");
    expect((error as ChappeError).message.length).toBeLessThan(200);
  }
});
