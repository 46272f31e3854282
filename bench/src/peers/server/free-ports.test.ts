import { expect, it } from "vitest";
import { withFreePorts } from "./free-ports.ts";

it("gives as many different ports as asked for", async () => {
  const ports = await withFreePorts(20, async (...all) => all);
  expect(new Set(ports).size).toBe(20);
});

it.each(["bind: address already in use", "{dist_port_already_used,36759}", "EADDRINUSE"])(
  "tries again after %s",
  async (said) => {
    const tried: number[] = [];
    const start = async (port = 0) => {
      tried.push(port);
      if (tried.length < 3) throw new Error(said);
      return port;
    };
    expect(await withFreePorts(1, start)).toBe(tried[2]);
  },
);

it("does not try again after anything else, nor for ever", async () => {
  let tried = 0;
  const failing = (what: string) => async () => {
    tried++;
    throw new Error(what);
  };
  await expect(withFreePorts(1, failing("no such file"))).rejects.toThrow("no such file");
  expect(tried).toBe(1);
  await expect(withFreePorts(1, failing("address already in use"))).rejects.toThrow("in use");
  expect(tried).toBe(6);
});
