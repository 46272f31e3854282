/** The wrappers with the tools themselves, where the machine has them. */
import { expect, it } from "vitest";
import { autocannonLoad } from "./autocannon/autocannon-load.ts";
import { findServer } from "../peers/server/find-server.ts";
import { ghzLoad } from "./ghz/ghz-load.ts";
import { k6Load } from "./k6/k6-load.ts";
import { runK6 } from "./k6/run-k6.ts";
import { loadCases } from "./load-case.ts";
import { autocannonOptions, ghzOptions, k6Options } from "./load-options.ts";
import { measureLoad } from "./measure-load.ts";
import { findLoadTool } from "./tools/find-load-tool.ts";
import { ghz, k6 } from "./tools/load-tool.ts";

/** The benchmarks read /proc, and start a Redis of their own. */
const canRun = process.platform === "linux" && process.env["REDIS_URL"] === undefined;
const hasGhz = canRun && findLoadTool(ghz) !== undefined;
const hasK6 = canRun && findLoadTool(k6) !== undefined;
const timeout = 90_000;

const short = { seconds: "1", warmUpSeconds: "0" };
/** Thresholds that hold on a machine that is busy with other tests. */
const patient = { ...short, users: "20", p95Ms: "30000", p99Ms: "60000" };

it.runIf(hasGhz)("ghz calls Send, and nothing is lost", { timeout }, async () => {
  const result = await measureLoad(
    ghzLoad(ghzOptions({ ...short, concurrency: "5", messages: "200", warmUpSeconds: "0.2" })),
  );
  expect(result).toMatchObject({ name: "chappe/load/ghz/unary", lost: 0, duplicates: 0 });
  expect(result.messagesPerSecond).toBeGreaterThan(0);
  expect(result.latencyMicros?.p50).toBeGreaterThan(0);
  expect(result.cpuMicrosPerMessageByProcess["ghz"]).toBeGreaterThan(0);
});

it.runIf(hasGhz && findServer("go") !== undefined)(
  "ghz calls the article's server in Go as well, when it is asked to",
  { timeout: 300_000 },
  async () => {
    const [, articleGo] = loadCases({
      tool: "ghz",
      options: ghzOptions({ ...short, concurrency: "5" }),
      articleGo: true,
    });
    const result = articleGo?.kind === "load" ? await articleGo.run() : undefined;
    expect(result?.name).toBe("article-go/load/ghz/unary");
    expect(result?.messagesPerSecond).toBeGreaterThan(0);
    expect(result?.cpuMicrosPerMessageByProcess["server"]).toBeGreaterThan(0);
  },
);

it.runIf(hasGhz)("ghz calls Send at a rate, over several connections", { timeout }, async () => {
  const options = ghzOptions({ ...short, concurrency: "4", connections: "2", rate: "100", bodyBytes: "4096" });
  const result = await measureLoad(ghzLoad(options));
  expect(result.messagesPerSecond).toBeGreaterThan(20);
  expect(result.messagesPerSecond).toBeLessThan(150);
});

it
  .runIf(hasK6)
  .each([{ script: "unary" }, { script: "stream" }, { script: "ramp", rate: "50" }, { script: "soak", rate: "50" }])(
  "k6 runs $script with its thresholds, and nothing is lost",
  { timeout },
  async ({ script, ...asked }) => {
    const result = await measureLoad(k6Load(k6Options({ ...patient, script, ...asked })));
    expect(result).toMatchObject({ name: `chappe/load/k6/${script}`, lost: 0, duplicates: 0 });
    expect(result.messagesPerSecond).toBeGreaterThan(0);
    expect(result.latencyMicros?.max).toBeGreaterThan(0);
  },
);

it.runIf(hasK6)("a threshold that is crossed fails the run, in k6's words", { timeout }, async () => {
  const load = k6Load(k6Options({ ...patient, p99Ms: "0.001" }));
  await expect(measureLoad(load)).rejects.toThrow(/thresholds on metrics 'grpc_req_duration'[^]*✗ 'p\(99\)<0\.001'/);
});

it.runIf(hasK6)("without a router k6 gives up at once, and says where it looked", { timeout }, async () => {
  const settings = { ROUTER: "127.0.0.1:1", USERS: 2 };
  await expect(runK6({ script: "unary", settings, seconds: 30, thresholds: true })).rejects.toThrow(
    "no router at 127.0.0.1:1",
  );
});

it.runIf(hasK6)("k6 posts over HTTP with its thresholds, and nothing is lost", { timeout }, async () => {
  const result = await measureLoad(k6Load(k6Options({ ...patient, script: "http" })));
  expect(result).toMatchObject({ name: "chappe/load/k6/http", lost: 0, duplicates: 0 });
  expect(result.messagesPerSecond).toBeGreaterThan(0);
});

it.runIf(canRun)("autocannon posts over HTTP, pipelined, and nothing is lost", { timeout }, async () => {
  const options = autocannonOptions({
    ...short,
    warmUpSeconds: "0.3",
    connections: "4",
    pipelining: "3",
    workers: "2",
  });
  const result = await measureLoad(autocannonLoad(options));
  expect(result).toMatchObject({ name: "chappe/load/autocannon/http", lost: 0, duplicates: 0 });
  expect(result.messagesPerSecond).toBeGreaterThan(0);
  expect(result.latencyMicros?.p50).toBeGreaterThan(0);
  expect(result.cpuMicrosPerMessageByProcess["autocannon"]).toBeGreaterThan(0);
});
