import { fileURLToPath } from "node:url";
import {
  type ProgramUnderTest,
  type RedisFixture,
  freePort,
  redisNamespace,
  spawnProgram,
  startRedis,
} from "@chappe/testing";
import type { SpawnProgramOptions, StartRedisOptions } from "@chappe/testing";

/** The programs, by their folders. */
export type AppName = "router" | "sender" | "receiver" | "cli";

/** Path of an app's program. */
export function appProgram(app: AppName): string {
  return fileURLToPath(new URL(`../../${app}/src/main.ts`, import.meta.url));
}

/** A router with its Redis, and the programs that talk to it. All are separate processes; `await using` ends them. */
export interface ChappeStack extends ChappePrograms {
  readonly redis: RedisFixture;
}

/** A router, and the programs that talk to it. */
export interface ChappePrograms extends AsyncDisposable {
  readonly router: RouterUnderTest;
  /** Starts one more router on the same Redis, and waits until it listens. */
  anotherRouter(): Promise<RouterUnderTest>;
  /** Starts `chappe-sender` with these arguments. */
  sender(args: readonly string[], options?: SpawnProgramOptions): ProgramUnderTest;
  /** Starts `chappe-receiver` with these arguments. */
  receiver(args: readonly string[], options?: SpawnProgramOptions): ProgramUnderTest;
  /** Runs `chappe` with these arguments to its end. */
  chappe(args: readonly string[]): Promise<ChappeRun>;
  /** Starts `chappe-receiver` and waits until it receives. */
  ready(args: readonly string[]): Promise<ProgramUnderTest>;
}

/** What a run of `chappe` came to. */
interface ChappeRun {
  readonly code: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** A router that can be killed and started again on the same port. */
export interface RouterUnderTest {
  /** Where it serves gRPC: `host:port`. */
  readonly address: string;
  /** Where it serves HTTP: `http://host:port`, another port after each start. */
  readonly url: string;
  /** Where it serves operators: `host:port`, another port after each start. */
  readonly adminAddress: string;
  /** The process that runs now. */
  readonly process: ProgramUnderTest;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it on the same port, and waits until it listens. */
  start(): Promise<void>;
}

/** Starts a Redis and a router, each for this stack alone. @param routerFlags beside those that bring them together */
export async function startChappe(
  redisOptions: StartRedisOptions = {},
  routerFlags: readonly string[] = [],
): Promise<ChappeStack> {
  const redis = await startRedis(redisOptions);
  const programs = await startPrograms(redis.url, routerFlags);
  return {
    ...programs,
    redis,
    async [Symbol.asyncDispose]() {
      await programs[Symbol.asyncDispose]();
      await redis.stop();
    },
  };
}

/** Starts a router on whatever Redis the URL names. @param routerFlags beside those that bring them together */
export async function startPrograms(redisUrl: string, routerFlags: readonly string[] = []): Promise<ChappePrograms> {
  const prefix = redisNamespace();
  const programs: ProgramUnderTest[] = [];
  const run = (app: AppName, args: readonly string[], options: SpawnProgramOptions = {}): ProgramUnderTest => {
    const started = spawnProgram(appProgram(app), args, options);
    programs.push(started);
    return started;
  };
  const startRouter = async (): Promise<Router> => {
    const started = new Router(`127.0.0.1:${await freePort()}`, (address) =>
      run("router", [
        "--listen",
        address,
        "--http-listen",
        "127.0.0.1:0",
        "--admin-listen",
        "127.0.0.1:0",
        "--redis-url",
        redisUrl,
        "--redis-key-prefix",
        prefix,
        ...routerFlags,
      ]),
    );
    await started.start();
    return started;
  };
  const router = await startRouter();

  const talking = (app: AppName) => (args: readonly string[], options?: SpawnProgramOptions) =>
    run(app, ["--router", router.address, ...args], options);
  const receiver = talking("receiver");

  return {
    router,
    anotherRouter: startRouter,
    sender: talking("sender"),
    receiver,
    async chappe(args) {
      const ran = run("cli", ["--router", router.adminAddress, ...args]);
      const { code } = await ran.exit;
      return { code, stdout: ran.stdout, stderr: ran.stderr };
    },
    async ready(args) {
      const started = receiver(args);
      await started.waitForLine(/^receiving /);
      return started;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(programs.map((started) => started[Symbol.asyncDispose]()));
    },
  };
}

class Router implements RouterUnderTest {
  readonly address: string;
  url = "";
  adminAddress = "";
  readonly #spawn: (address: string) => ProgramUnderTest;
  #process: ProgramUnderTest | undefined;

  constructor(address: string, spawn: (address: string) => ProgramUnderTest) {
    this.address = address;
    this.#spawn = spawn;
  }

  get process(): ProgramUnderTest {
    if (this.#process === undefined) throw new Error("the router was not started");
    return this.#process;
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.exit;
  }

  async start(): Promise<void> {
    this.#process = this.#spawn(this.address);
    const [, address = ""] = await this.#process.waitForLine(/"serving HTTP on (\S+)"/);
    this.url = `http://${address}`;
    const [, adminAddress = ""] = await this.#process.waitForLine(/"serving operators on (\S+)"/);
    this.adminAddress = adminAddress;
  }
}
