import { Command } from "commander";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { routerFlags } from "./flag-schemas.ts";
import { readArguments } from "./read-arguments.ts";
import { addRouterFlags, addTlsFlags } from "./router-flags.ts";

afterEach(() => vi.unstubAllEnvs());

function read(...argv: string[]) {
  const command = addRouterFlags(new Command("x"));
  expect(readArguments(command, argv)).toBeUndefined();
  return z.object(routerFlags).parse(command.opts());
}

test("without a flag there is the router of this machine, in plain text", () => {
  expect(read()).toEqual({ router: ["localhost:9090"], tls: false });
});

test("routers are given by flags, or else by CHAPPE_ROUTERS, one by one or in lists", () => {
  vi.stubEnv("CHAPPE_ROUTERS", "a:1,b:2 c:3");
  expect(read()).toMatchObject({ router: ["a:1", "b:2", "c:3"] });
  expect(read("--router", "d:4", "--router", "e:5, f:6")).toMatchObject({ router: ["d:4", "e:5", "f:6"] });
});

test("TLS has its switch and three files", () => {
  expect(read("--tls", "--tls-ca", "a.pem", "--tls-cert", "c.pem", "--tls-key", "k.pem")).toMatchObject({
    ...{ tls: true, tlsCa: "a.pem", tlsCert: "c.pem", tlsKey: "k.pem" },
  });
});

test("the help of a program with one router says so", () => {
  expect(addTlsFlags(new Command("x"), "the router").helpInformation()).toContain("speak TLS with the router\n");
});
