import { afterEach, describe, expect, test, vi } from "vitest";
import { readCommandLine } from "./command-line.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the command line", () => {
  test("reads the flags of every command, before and after its name", () => {
    for (const argv of [
      ["--json", "--router", "a:1", "addresses"],
      ["addresses", "topic:", "--json", "--router", "a:1"],
    ]) {
      expect(readCommandLine(argv)).toMatchObject({ kind: "run", flags: { json: true, router: "a:1" } });
    }
  });

  test("takes the router from CHAPPE_ROUTER when it names none", () => {
    vi.stubEnv("CHAPPE_ROUTER", "b:2");
    expect(readCommandLine(["addresses"])).toMatchObject({ flags: { router: "b:2" } });
  });

  test.each([
    [["adresses"], /unknown command 'adresses'[^]*Did you mean addresses\?[^]*--help/],
    [["peek"], /missing required argument 'address'/],
    [["peek", "receiver:a", "--limit", "0"], /--limit[^]*must be a whole number from 1 to 1000/],
    [["dead", "redrive", "receiver:a"], /say which dead letters: --all, --reason <text> or --id <id>/],
    [["dead", "purge", "receiver:a", "--all", "--id", "1-0"], /--all and --id contradict each other/],
    [["peek", "topic:a"], /^error: say which subscription of topic:a: --subscription <name>\n/],
    [["purge", "topic:a", "--yes"], /--subscription <name>/],
    [["purge", "topic:a", "--delayed", "--subscription", "s"], /--delayed and --subscription contradict each other/],
    [["dead", "list", "topic:a"], /--subscription <name>/],
    [["dead", "show", "topic:a", "1-0"], /--subscription <name>/],
    [["dead", "redrive", "topic:a", "--all"], /--subscription <name>/],
    [["dead", "purge", "topic:a", "--all"], /--subscription <name>/],
    [["seek", "topic:a", "--to", "latest"], /--subscription <name>/],
    [["seek", "topic:a"], /required option '--to <position>' not specified/],
    [["seek", "topic:a", "--to", "yesterday"], /--to[^]*must be latest, earliest, a time such as/],
    [["delete"], /Usage: chappe delete/],
    [[], /Usage: chappe/],
  ])("says what is wrong with %j", (argv, text) => {
    expect(readCommandLine(argv)).toEqual({ kind: "wrong", text: expect.stringMatching(text) });
  });

  test("has help with examples and exit codes", () => {
    expect(readCommandLine(["--help"])).toMatchObject({
      kind: "help",
      text: expect.stringMatching(/Usage: chappe[^]*Examples:[^]*Exit codes:/),
    });
    expect(readCommandLine(["dead", "redrive", "--help"])).toMatchObject({
      kind: "help",
      text: expect.stringMatching(/--reason[^]*--router/),
    });
  });
});
