import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { LoadArrivals } from "../load-arrivals.ts";
import { autocannonOptions } from "../load-options.ts";
import { autocannonLoad } from "./autocannon-load.ts";

const TIMEOUT_MS = 60_000;

/** A server that answers each post with this status, and keeps what was posted. */
async function startServer(status: number, bodyBytes: number) {
  const seen = { arrivals: new LoadArrivals(bodyBytes), headers: {} as IncomingHttpHeaders, request: "" };
  const server = createServer((request, response) => {
    seen.headers = request.headers;
    seen.request = `${request.method} ${request.url}`;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.arrivals.note(Buffer.concat(chunks));
      response.writeHead(status).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    seen,
    target: { grpc: "", http: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, receiver: "load" },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it("posts numbered messages, and tells of each connection how many were stored", { timeout: TIMEOUT_MS }, async () => {
  await using server = await startServer(201, 40);
  const load = autocannonLoad(autocannonOptions({ connections: "5", pipelining: "3", workers: "2", bodyBytes: "40" }));
  const run = await load.run({ target: server.target, seconds: 0.3, warmUp: false });
  expect(server.seen.request).toBe("POST /v1/messages");
  expect(server.seen.headers).toMatchObject({ "chappe-sender": "autocannon", "chappe-to": "load" });
  expect(run.stored).toHaveLength(5);
  expect(Math.min(...run.stored)).toBeGreaterThan(0);
  expect(server.seen.arrivals.verdict(run.stored)).toMatchObject({ lost: 0, duplicates: 0 });
  // Under way when the time was over: at most what each connection may have asked for and not been answered.
  const stored = run.stored.reduce((sum, count) => sum + count, 0);
  expect(server.seen.arrivals.count - stored).toBeLessThanOrEqual(5 * 3);
  expect(run.messagesPerSecond).toBeGreaterThan(0);
  expect(run.latencyMicros?.p50).toBeGreaterThan(0);
});

it("gives a warm-up other numbers than the run after it", { timeout: TIMEOUT_MS }, async () => {
  await using server = await startServer(201, 100);
  const load = autocannonLoad(autocannonOptions({ connections: "2" }));
  const warmUp = await load.run({ target: server.target, seconds: 0.2, warmUp: true });
  expect(warmUp.stored.slice(0, 2)).toEqual([0, 0]);
  const run = await load.run({ target: server.target, seconds: 0.2, warmUp: false });
  expect(server.seen.arrivals.verdict([...run.stored, ...warmUp.stored.slice(2)])).toMatchObject({
    lost: 0,
    duplicates: 0,
  });
});

it("sends at the rate asked for, all workers together", { timeout: TIMEOUT_MS }, async () => {
  await using server = await startServer(201, 100);
  const load = autocannonLoad(autocannonOptions({ connections: "4", workers: "2", rate: "40" }));
  await load.run({ target: server.target, seconds: 1, warmUp: false });
  expect(server.seen.arrivals.count).toBeGreaterThanOrEqual(40);
  expect(server.seen.arrivals.count).toBeLessThanOrEqual(80);
});

it("fails when posts are refused, with their status", { timeout: TIMEOUT_MS }, async () => {
  await using server = await startServer(429, 100);
  const load = autocannonLoad(autocannonOptions({ connections: "2" }));
  await expect(load.run({ target: server.target, seconds: 0.2, warmUp: false })).rejects.toThrow(/statuses: .*"429"/);
});
