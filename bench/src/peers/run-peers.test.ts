import { expect, it } from "vitest";
import { sampleResult } from "../report/fixtures/sample-report.ts";
import { chappeFailed } from "./run-peers.ts";

it("takes what befalls a peer for a finding, and what befalls Chappe for a failure", () => {
  const failure = (name: string) => ({ name, reason: "it ended" });
  const harmed = (name: string) => sampleResult(name, { outOfOrder: 1 });
  expect(chappeFailed({ results: [harmed("bullmq/throughput")], failures: [failure("rabbitmq/rate-500")] })).toBe(
    false,
  );
  expect(chappeFailed({ results: [harmed("chappe/throughput")], failures: [] })).toBe(true);
  expect(chappeFailed({ results: [], failures: [failure("chappe/rate-500")] })).toBe(true);
});
