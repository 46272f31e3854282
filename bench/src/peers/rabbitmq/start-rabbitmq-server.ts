import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFreePorts } from "../server/free-ports.ts";
import { type RunningServer, startServer } from "../server/start-server.ts";
import { temporaryFolder } from "../server/temporary-folder.ts";
import type { RabbitmqProgram } from "./find-rabbitmq.ts";

/** Starts a RabbitMQ of its own, without plugins, whose files go with it; beside it epmd, Erlang's register of ports. */
export async function startRabbitmqServer(
  stack: AsyncDisposableStack,
  { path, epmd, env }: RabbitmqProgram,
): Promise<{ readonly address: string; readonly server: RunningServer }> {
  const folder = stack.use(temporaryFolder("rabbitmq")).path;
  const configuration = join(folder, "rabbitmq.conf");
  return await withFreePorts(3, async (port = 0, distributionPort = 0, registerPort = 0) => {
    writeFileSync(configuration, rabbitmqConfiguration(port));
    const register = { ERL_EPMD_PORT: String(registerPort), ERL_EPMD_ADDRESS: "127.0.0.1" };
    const registerArgs = ["-port", String(registerPort), "-address", "127.0.0.1"];
    stack.use(
      await startServer({
        role: "epmd",
        path: epmd,
        args: registerArgs,
        env: { ...env, ...register },
        cwd: folder,
        port: registerPort,
      }),
    );
    const server = await startServer({
      role: "rabbitmq",
      path: "/bin/sh",
      args: [path],
      cwd: folder,
      port,
      env: {
        ...env,
        ...register,
        // Erlang keeps its cookie in the home folder.
        HOME: folder,
        RABBITMQ_NODENAME: `bench-${port}@localhost`,
        RABBITMQ_DIST_PORT: String(distributionPort),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
        RABBITMQ_CONFIG_FILE: configuration,
        RABBITMQ_CONF_ENV_FILE: join(folder, "none"),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
        RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
        RABBITMQ_LOG_BASE: join(folder, "log"),
        RABBITMQ_PID_FILE: join(folder, "pid"),
      },
    });
    return { address: `amqp://127.0.0.1:${port}`, server: stack.use(server) };
  });
}

/** Connections from this machine alone, and a log that the one who started it reads. */
export function rabbitmqConfiguration(port: number): string {
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    "log.console = true",
    "log.console.level = warning",
    "log.file = false",
  ];
  return `${lines.join("\n")}\n`;
}
