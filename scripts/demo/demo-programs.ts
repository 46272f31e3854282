import { fileURLToPath } from "node:url";
import { type ProgramUnderTest, spawnProgram } from "@chappe/testing";

/** How much of what a program said is shown when the demo fails. */
const LOG_LINES = 5;

/** Starts the programs of the demo, each a process of its own, and ends them all. */
export class DemoPrograms implements AsyncDisposable {
  readonly #started = new Map<string, ProgramUnderTest>();
  #router = "";

  /** Starts a router on a free port, and waits until it listens. Resolves with `host:port`. */
  async startRouter(env: Readonly<Record<string, string>>): Promise<string> {
    const router = this.#start("router", "router", [], {
      CHAPPE_LISTEN: "127.0.0.1:0",
      CHAPPE_HTTP_LISTEN: "off",
      CHAPPE_DRAIN_MS: "5000",
      ...env,
    });
    const [, address = ""] = await router.waitForLine(/listening.*?(127\.0\.0\.1:\d+)/);
    this.#router = address;
    return address;
  }

  /** Starts a receiver, and waits until it receives. */
  async startReceiver(name: string, args: readonly string[]): Promise<ProgramUnderTest> {
    const receiver = this.#start("receiver", name, ["--router", this.#router, "--json", ...args]);
    await receiver.waitForLine(/^receiving /);
    return receiver;
  }

  /** Runs a sender to its end. Resolves with the message's id. @throws Error with what it said when it fails */
  async send(args: readonly string[]): Promise<string> {
    const name = `sender ${args.join(" ")}`;
    const how = ["--router", this.#router, "--timeout-ms", "15000", "--print-ids"];
    const sender = this.#start("sender", name, [...how, ...args]);
    const { code } = await sender.exit;
    if (code !== 0) throw new Error(`the sender ended with ${code}: ${sender.stderr.join(" ")}`);
    return sender.stdout[0] ?? "";
  }

  /** Stops all programs, the router last, as it was the first. @throws Error when one does not end with 0 */
  async stop(): Promise<void> {
    for (const [name, program] of [...this.#started].toReversed()) {
      program.kill("SIGTERM");
      const { code, signal } = await program.exit;
      if (code !== 0) throw new Error(`${name} ended with ${signal ?? code}`);
    }
  }

  /** What the programs said to people, for when the demo fails. The router logs to standard output. */
  log(): string {
    return [...this.#started]
      .flatMap(([name, { stdout, stderr }]) => {
        const lines = name === "router" ? [...stdout, ...stderr] : stderr;
        return lines.slice(-LOG_LINES).map((line) => `  ${name}: ${line}`);
      })
      .join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#started.values()].map((program) => program[Symbol.asyncDispose]()));
  }

  #start(
    app: string,
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ProgramUnderTest {
    const main = fileURLToPath(new URL(`../../apps/${app}/src/main.ts`, import.meta.url));
    const program = spawnProgram(main, args, { env });
    this.#started.set(name, program);
    return program;
  }
}
