import { describe, expect, test } from "vitest";
import { importViolations, manifestViolations } from "./dependency-rules.ts";
import { fileViolations } from "./file-rules.ts";
import { lineViolations } from "./line-rules.ts";
import { proofViolations } from "./proof-rules.ts";

const lines = (count: number) => "x\n".repeat(count);

describe("files", () => {
  test.each([
    ["packages/a/src/utils.ts"],
    ["packages/a/src/types.ts"],
    ["packages/a/src/helpers/wait.ts"],
    ["packages/a/src/leaseTable.ts"],
  ])("%s is refused for its name", (path) => {
    expect(fileViolations(path, "")).toHaveLength(1);
  });

  test("sources may have 400 lines, tests 500, generated files any number", () => {
    expect(fileViolations("packages/a/src/lease.ts", lines(400))).toEqual([]);
    expect(fileViolations("packages/a/src/lease.ts", lines(401))[0]?.what).toBe("it has 401 lines");
    expect(fileViolations("packages/a/src/lease.test.ts", lines(500))).toEqual([]);
    expect(fileViolations("packages/a/src/lease.test.ts", lines(501))).toHaveLength(1);
    expect(fileViolations("proto/src/generated/chappe/v1/Batch.ts", lines(900))).toEqual([]);
  });
});

describe("lines", () => {
  test.each([
    ["a.ts", "export enum Colour { Red }"],
    ["a.test.ts", "test.only('x', run);"],
    ["a.test.ts", "describe.skip('x', run);"],
    ["a.ts", "// TODO later"],
    ["a.ts", "const x = y as any;"],
    ["a.ts", "// @ts-ignore"],
    ["a.ts", "// @ts-expect-error"],
    ["a.ts", "// oxlint-disable-next-line no-console"],
    ["a.md", "see /home/ada/chappe/a.ts"],
    ["a.yaml", "tarball: https://registry.npmjs.org/x.tgz"],
  ])("%s: %s is refused", (path, line) => {
    expect(lineViolations(path, `\n${line}`)).toMatchObject([{ where: `${path}:2` }]);
  });

  test.each([
    ["a.ts", "const enumerated = 1;"],
    ["a.test.ts", "test.skipIf(slow)('x', run);"],
    ["a.ts", "// TODO(Redis 8.2): use XACKDEL"],
    ["a.ts", "// @ts-expect-error the driver's types lack this command"],
    ["a.md", "the network/work/life balance"],
  ])("%s: %s is allowed", (path, line) => {
    expect(lineViolations(path, line)).toEqual([]);
  });
});

describe("dependencies", () => {
  test("an arrow that is not in the picture is refused", () => {
    const manifest = { dependencies: { "@chappe/broker-redis": "workspace:*" } };
    expect(manifestViolations("packages/client", manifest)[0]).toMatchObject({
      what: "it depends on @chappe/broker-redis",
      allowed: "@chappe/proto, @chappe/message",
    });
  });

  test("versions stand in the catalog alone", () => {
    expect(manifestViolations("packages/message", { dependencies: { uuid: "^14.0.0" } })).toHaveLength(1);
  });

  test("tests may import what sources may not", () => {
    const line = 'import { startRouter } from "@chappe/router";';
    expect(importViolations("packages/client/src/sender.test.ts", line)).toEqual([]);
    expect(importViolations("packages/client/src/sender.ts", line)).toHaveLength(1);
  });

  test("no import reaches into another package by path", () => {
    const line = 'import { decode } from "../../message/src/batch-codec.ts";';
    expect(importViolations("packages/client/src/sender.ts", line)).toHaveLength(1);
  });

  test("pure packages import no input or output", () => {
    const line = 'import { connect } from "node:net";';
    expect(importViolations("packages/broker/src/engine.ts", line)).toHaveLength(1);
    expect(importViolations("packages/router/src/server.ts", line)).toEqual([]);
  });
});

describe("proofs in docs", () => {
  const textOf = (path: string) => (path === "packages/a/src/a.test.ts" ? 'it("keeps what it has", run);' : undefined);

  test.each([
    ["a test of another name", "[keeps what it had](../packages/a/src/a.test.ts)"],
    ["a file that is not there", "[keeps what it has](../packages/a/src/b.test.ts)"],
  ])("%s is refused", (_, link) => {
    expect(proofViolations("docs/a.md", `\n| ${link} |`, textOf)).toMatchObject([{ where: "docs/a.md:2" }]);
  });

  test("a test in its file is allowed, and other links are nobody's business here", () => {
    const line = "[keeps what it has](../packages/a/src/a.test.ts), [elsewhere](benchmarks.md)";
    expect(proofViolations("docs/a.md", line, textOf)).toEqual([]);
  });
});
