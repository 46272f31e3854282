import { afterEach, describe, expect, test, vi } from "vitest";
import { readCommandLine } from "./command-line.ts";

afterEach(() => vi.unstubAllEnvs());

function optionsOf(...argv: string[]) {
  const commandLine = readCommandLine(argv);
  if (commandLine.kind !== "run") throw new Error(JSON.stringify(commandLine));
  return commandLine.options;
}

describe("the router's command line", () => {
  test("needs nothing", () => {
    expect(optionsOf()).toMatchObject({
      listen: "0.0.0.0:9090",
      httpListen: "0.0.0.0:9080",
      metricsAddresses: 100,
      store: "redis",
      redisUrl: "redis://localhost:6379",
      leaseMs: 30_000,
      heartbeatMs: undefined,
      drainMs: 25_000,
      expired: "dead-letter",
      maxMessageBytes: 1_048_576,
      logLevel: "info",
      tlsCert: undefined,
    });
  });

  test("takes each setting from a variable of the same name, which a flag overrules", () => {
    vi.stubEnv("CHAPPE_LEASE_MS", "5000");
    vi.stubEnv("CHAPPE_STORE", "memory");
    expect(optionsOf("--lease-ms", "6000")).toMatchObject({ leaseMs: 6_000, store: "memory" });
  });

  test("a variable that is set to nothing is not set", () => {
    vi.stubEnv("CHAPPE_LEASE_MS", "");
    vi.stubEnv("CHAPPE_TLS_CERT", "");
    expect(optionsOf()).toMatchObject({ leaseMs: 30_000, tlsCert: undefined });
  });

  test("says one line per problem: what was set, to what, and what is allowed", () => {
    vi.stubEnv("CHAPPE_DRAIN_MS", "soon");
    expect(
      readCommandLine(["--log-level", "loud", "--listen", "9090", "--http-listen", "no", "--expired", "keep"]),
    ).toEqual({
      kind: "wrong",
      text: [
        'error: --listen "9090": must be host:port, or unix:/path',
        'error: --http-listen "no": must be host:port, unix:/path, or off',
        'error: --expired "keep": must be dead-letter or drop',
        'error: CHAPPE_DRAIN_MS "soon": must be a whole number from 0 to 3600000',
        'error: --log-level "loud": must be trace, debug, info, warn, error, fatal or silent',
        "(--help lists what is allowed)\n",
      ].join("\n"),
    });
  });

  test("does not repeat a value that may hold a password", () => {
    vi.stubEnv("CHAPPE_REDIS_URL", "http://user:secret@host");
    const { text } = readCommandLine([]) as { readonly text: string };
    expect(text).toMatch(
      /^error: CHAPPE_REDIS_URL \(not shown, for it may hold a password\): url is none that Redis is/,
    );
    expect(text).not.toContain("secret");
  });

  test("says of a Redis that cannot be reached so what is wrong with its URL, without a start", () => {
    for (const [url, problem] of [
      ["redis+sentinel://one:26379", "url without a path: allowed are the name of the primary"],
      ["redis://one,two", "url one,two: allowed are one host"],
      ["redis://user:secret", 'url host "user:…": allowed are host:port'],
    ] as const) {
      expect(readCommandLine(["--redis-url", url])).toEqual({
        kind: "wrong",
        text: expect.stringContaining(`error: --redis-url (not shown, for it may hold a password): ${problem}`),
      });
    }
  });

  test.each([
    [
      ["--lease-ms", "5000", "--heartbeat-ms", "6000"],
      '--heartbeat-ms "6000": must not be longer than --lease-ms "5000"',
    ],
    [["--min-retry-ms", "9", "--max-retry-ms", "8"], '--min-retry-ms "9": must not be longer than --max-retry-ms "8"'],
    [["--tls-cert", "c.pem"], '--tls-cert "c.pem": needs --tls-key beside it'],
    [["--tls-key", "k.pem"], '--tls-key "k.pem": needs --tls-cert beside it'],
    [["--tls-client-ca", "a.pem"], '--tls-client-ca "a.pem": needs --tls-cert and --tls-key beside it'],
    [["--redis-tls-ca", "a.pem"], '--redis-tls-ca "a.pem": needs a --redis-url that begins with rediss'],
    [
      ["--redis-url", "rediss://a", "--redis-tls-cert", "c.pem"],
      '--redis-tls-cert "c.pem": needs --redis-tls-key beside it',
    ],
    [
      ["--redis-url", "rediss://a", "--redis-tls-key", "k.pem"],
      '--redis-tls-key "k.pem": needs --redis-tls-cert beside it',
    ],
    [
      ["--max-connection-age-ms", "5"],
      '--max-connection-age-ms "5": must be 0, or a whole number from 1000 to 604800000',
    ],
  ])("refuses %j", (argv, problem) => {
    expect(readCommandLine(argv)).toMatchObject({
      kind: "wrong",
      text: expect.stringContaining(`error: ${problem}\n`),
    });
  });

  test.each([
    [["--leasems", "5"], /unknown option '--leasems'[^]*--help/],
    [["--lease-ms"], /'--lease-ms <ms>' argument missing/],
    [["serve"], /too many arguments/],
    [["health", "--timeout-ms", "0"], /--timeout-ms "0": must be a whole number from 1/],
    [["health", "--adress", "x"], /unknown option '--adress'/],
  ])("says what is wrong with %j, and where to read what is allowed", (argv, text) => {
    expect(readCommandLine(argv)).toEqual({ kind: "wrong", text: expect.stringMatching(text) });
  });

  test("help has every setting's variable, and the exit codes", () => {
    expect(readCommandLine(["--help"])).toMatchObject({
      kind: "help",
      text: expect.stringMatching(/Usage: chappe-router[^]*CHAPPE_LISTEN[^]*CHAPPE_LOG_LEVEL[^]*Exit codes:/),
    });
  });
});

describe("health", () => {
  test("asks this machine, at the port that the router is told to listen on", () => {
    expect(readCommandLine(["health"])).toEqual({
      kind: "health",
      options: { address: "localhost:9090", timeoutMs: 2_000, tlsCa: undefined },
    });
    vi.stubEnv("CHAPPE_LISTEN", "0.0.0.0:7070");
    expect(readCommandLine(["health"])).toMatchObject({ options: { address: "localhost:7070" } });
    vi.stubEnv("CHAPPE_LISTEN", "10.0.0.7:7070");
    expect(readCommandLine(["health"])).toMatchObject({ options: { address: "10.0.0.7:7070" } });
  });

  test("or whom it is told", () => {
    expect(readCommandLine(["health", "--address", "a:1", "--timeout-ms", "50"])).toMatchObject({
      options: { address: "a:1", timeoutMs: 50 },
    });
  });

  test("is not kept from asking by what is wrong with the router's own settings", () => {
    vi.stubEnv("CHAPPE_LEASE_MS", "soon");
    expect(readCommandLine(["health"])).toMatchObject({ kind: "health" });
  });
});
