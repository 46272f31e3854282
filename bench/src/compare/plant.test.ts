import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Plant } from "./plant.ts";

/** The sender of a client, as far as a plant knows it. */
interface SlowedModule {
  readonly Sender: new () => { send(message: string): string; publish(message: string): string };
  /** What the planted work has come to. */
  readonly spunSoFar: () => number;
}

describe("a planted slow-down", () => {
  let root: URL;
  let sender: URL;

  beforeEach(() => {
    root = pathToFileURL(`${mkdtempSync(join(tmpdir(), "chappe-plant-"))}/`);
    sender = new URL("packages/client/src/sender.ts", root);
    mkdirSync(new URL(".", sender), { recursive: true });
    writeFileSync(
      sender,
      `export class Sender {
        send(message: string) { return "sent " + message; }
        publish(message: string) { return "published " + message; }
      }\n`,
    );
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** @param version a module is loaded once by each name */
  const load = async (version: number) => (await import(`${sender.href}?${version}`)) as SlowedModule;

  it("works for every message, and hands it on as it was", async () => {
    new Plant(root).slowDownBy(10);
    const { Sender, spunSoFar } = await load(1);
    const slowed = new Sender();
    const states = [spunSoFar()];
    expect(slowed.send("a")).toBe("sent a");
    states.push(spunSoFar());
    expect(slowed.publish("b")).toBe("published b");
    states.push(spunSoFar());
    expect(new Set(states).size).toBe(3);
  });

  it("can be planted again, in place of the one before", async () => {
    const plant = new Plant(root);
    plant.slowDownBy(10);
    plant.slowDownBy(0);
    const { Sender, spunSoFar } = await load(2);
    const before = spunSoFar();
    new Sender().send("a");
    expect(spunSoFar()).toBe(before);
  });

  it("is refused where there is no sender to slow down", () => {
    writeFileSync(sender, "export class Other {}\n");
    expect(() => new Plant(root)).toThrow("packages/client/src/sender.ts exports no class Sender");
  });
});
