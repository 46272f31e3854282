import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { collect } from "./collect.ts";
import { readArguments } from "./read-arguments.ts";

/** A program with a command within a command. */
function program(onAdd: () => void = () => {}): Command {
  const command = new Command("shelf").option("--book <title>", "may be repeated", collect).argument("[name]");
  command.action(() => {});
  command.command("sort").command("add").description("Add an order.").argument("<order>").action(onAdd);
  return command;
}

describe("a command line", () => {
  test("that is right is left in the command", () => {
    const command = program();
    expect(readArguments(command, ["--book", "a", "mine", "--book", "b"])).toBeUndefined();
    expect(command.args).toEqual(["mine"]);
    expect(command.opts()).toEqual({ book: ["a", "b"] });
  });

  test("that asks for help gets it, of a command within a command too", () => {
    expect(readArguments(program(), ["--help"])).toEqual({
      kind: "help",
      text: expect.stringMatching(/^Usage: shelf [^]*--book <title>/),
    });
    expect(readArguments(program(), ["sort", "add", "--help"])).toEqual({
      kind: "help",
      text: expect.stringMatching(/^Usage: shelf sort add [^]*Add an order\./),
    });
  });

  test("that is wrong is told so, of a command within a command too", () => {
    expect(readArguments(program(), ["--bok", "a"])).toEqual({
      kind: "wrong",
      text: expect.stringMatching(/^error: unknown option '--bok'/),
    });
    expect(readArguments(program(), ["sort", "add"])).toEqual({
      kind: "wrong",
      text: "error: missing required argument 'order'\n",
    });
  });

  test("whose action fails is not wrong", () => {
    const failing = program(() => {
      throw new TypeError("shelf is undefined");
    });
    expect(() => readArguments(failing, ["sort", "add", "x"])).toThrow(TypeError);
  });
});
