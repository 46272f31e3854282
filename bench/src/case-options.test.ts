import { describe, expect, it } from "vitest";
import { parseOverrides, resolveCaseOptions } from "./case-options.ts";

describe("a case's options", () => {
  it("are the command line's, else the case's, else the defaults", () => {
    const options = resolveCaseOptions({ bodyBytes: 4_096, aof: "always" }, { bodyBytes: 64 });
    expect(options).toMatchObject({ bodyBytes: 64, aof: "always", senders: 1, rate: "max" });
  });

  it("take topics in place of receivers when the command line asks for topics, and the other way round", () => {
    expect(resolveCaseOptions({}, { topics: 2 })).toMatchObject({ receivers: 0, topics: 2 });
    expect(resolveCaseOptions({ receivers: 0, topics: 3 }, { receivers: 5 })).toMatchObject({
      receivers: 5,
      topics: 0,
    });
  });

  it("wait for fewer sends at a time when bodies are large, unless told how many", () => {
    expect(resolveCaseOptions({}, { bodyBytes: 1_048_576 }).concurrency).toBe(16);
    expect(resolveCaseOptions({}, { bodyBytes: 1_048_576, concurrency: 100 }).concurrency).toBe(100);
  });

  it("that contradict each other are refused with both values", () => {
    expect(() => resolveCaseOptions({}, { topics: 2, receivers: 3 })).toThrow("3 receivers and 2 topics");
    expect(() => resolveCaseOptions({}, { receivers: 0 })).toThrow("0 receivers and 0 topics");
    expect(() => resolveCaseOptions({}, { subscriptions: 4 })).toThrow("4 subscriptions and 0 topics");
  });
});

describe("the command line's overrides", () => {
  it("become numbers", () => {
    expect(parseOverrides({ bodyBytes: "64", rate: "8000", seconds: "0.5" })).toEqual({
      bodyBytes: 64,
      rate: 8_000,
      seconds: 0.5,
    });
    expect(parseOverrides({ rate: "max" })).toEqual({ rate: "max" });
  });

  it.each([
    [{ bodyBytes: "8" }, "--body-bytes: 8 is below 16"],
    [{ bodyBytes: "2000000" }, "2000000 is above 1,048,576"],
    [{ senders: "many" }, '"many" is not a number'],
    [{ rate: "fast" }, '"fast" is neither "max" nor a whole number'],
    [{ aof: "never" }, '"never" is none of off, everysec, always'],
  ])("refuse %o, and say why", (raw, message) => {
    expect(() => parseOverrides(raw)).toThrow(message);
  });
});
