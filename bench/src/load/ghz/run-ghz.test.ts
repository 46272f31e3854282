import { expect, it } from "vitest";
import { type GhzCall, ghzArguments } from "./run-ghz.ts";

const call: GhzCall = {
  target: "127.0.0.1:9090",
  call: "chappe.v1.MessageService/Send",
  data: "{}",
  concurrency: 50,
  connections: 2,
  rate: "max",
  calls: 0,
  seconds: 3,
};

const commandLine = (changes: Partial<GhzCall>) => ghzArguments({ ...call, ...changes }, "report.json").join(" ");

it("asks the server what a call looks like, and waits for the last answers", () => {
  expect(commandLine({})).toBe(
    "--insecure --call chappe.v1.MessageService/Send --data {} --concurrency 50 --connections 2 " +
      "--duration 3s --duration-stop wait --format json --output report.json 127.0.0.1:9090",
  );
});

it("takes a server without reflection by its proto file", () => {
  expect(commandLine({ proto: "peers/broker.proto" })).toContain("--proto peers/broker.proto --import-paths peers");
});

it("does not let callers that wait keep back what is due at a rate", () => {
  expect(commandLine({ rate: 500 })).toContain("--rps 500 --async");
});

it("makes so many calls, however long they take", () => {
  expect(commandLine({ calls: 1_000 })).toContain("--total 1000");
  expect(commandLine({ calls: 1_000 })).not.toContain("--duration");
});
