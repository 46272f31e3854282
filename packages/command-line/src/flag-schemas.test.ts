import { describe, expect, test } from "vitest";
import { z } from "zod";
import { passes, problemLines, routerFlags } from "./flag-schemas.ts";

function linesOf(schema: z.ZodType, raw: unknown, args: readonly string[] = []): string[] {
  const { error } = schema.safeParse(raw);
  return error === undefined ? [] : problemLines(error, args);
}

describe("a router", () => {
  const problems = (router: string) => linesOf(z.object(routerFlags), { router: [router] });

  test.each([
    "localhost",
    "localhost:9090",
    "10.0.0.1:1",
    "[::1]:9090",
    "unix:/run/chappe.sock",
    "dns:///routers:9090",
  ])("may be %s", (router) => expect(problems(router)).toEqual([]));

  test.each(["localhost:port", "http://localhost:9090", "a:1:2", ":9090"])("may not be %s", (router) => {
    expect(problems(router)).toEqual([`--router: "${router}" is not of the form host:port or unix:/path`]);
  });

  test("is that of this machine where the list is empty", () => {
    expect(z.object(routerFlags).parse({ router: [" , "] }).router).toEqual(["localhost:9090"]);
  });
});

test("each problem is a line with its flag, or its argument, and what the check said", () => {
  const refuse = z.string().superRefine(
    passes((value) => {
      throw new Error(`"${value}" is refused`);
    }),
  );
  const take = z.string().superRefine(passes((value) => value));
  expect(
    linesOf(z.object({ maxAgeMs: refuse, name: take, receiver: refuse }), { maxAgeMs: "a", name: "b", receiver: "c" }, [
      "receiver",
    ]),
  ).toEqual(['--max-age-ms: "a" is refused', 'receiver: "c" is refused']);
});
