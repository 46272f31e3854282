import { Command, Option } from "commander";
import { flagOf, type Setting, type SettingName, settings, variableOf } from "./settings.ts";

const EXIT_CODES = `
Each flag can be given as the environment variable of its name; the flag wins.

Exit codes:
  0    stopped by SIGTERM or Ctrl-C, in good order; health: the router takes messages
  1    could not start; health: the router does not take messages, or does not answer
  2    wrong usage: a flag or variable says something that is not possible
  130  Ctrl-C a second time (143: SIGTERM), which does not wait

SIGTERM or Ctrl-C drains: health says NOT_SERVING, clients are asked to go to another router, what consumers hold is
settled or, after --drain-ms, given back.
`;

/** What `health` was given. */
export interface HealthFlags {
  readonly address: string;
  readonly timeoutMs: string;
  readonly tlsCa?: string;
}

/** The flags and help of the router. What their values may be is said in settings.ts. */
export function routerCommand(onHealth: (flags: HealthFlags) => void): Command {
  const command = new Command("chappe-router")
    .description("Serve messages over gRPC and HTTP, from Redis.")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", EXIT_CODES)
    .showHelpAfterError("(--help lists what is allowed)")
    .action(() => {});
  let group = "";
  for (const name of Object.keys(settings) as SettingName[]) {
    const setting: Setting<unknown> = settings[name];
    if (setting.group !== group) command.optionsGroup(`${(group = setting.group)}:`);
    const option = new Option(`${flagOf(name)} <${setting.placeholder}>`, setting.help).env(variableOf(name));
    command.addOption(setting.default === undefined ? option : option.default(setting.default));
  }
  command
    .command("health")
    .description("Ask a router whether it takes messages; for container health checks.")
    .addOption(
      new Option("--address <host:port>", "the router")
        .env("CHAPPE_HEALTH_ADDRESS")
        .default(
          localAddress(process.env["CHAPPE_LISTEN"]),
          "that of CHAPPE_LISTEN on this machine, or localhost:9090",
        ),
    )
    .option("--timeout-ms <ms>", "how long to wait for the answer", "2000")
    .addOption(
      new Option("--tls-ca <file>", "authority (PEM) to believe, for a router with TLS").env("CHAPPE_HEALTH_TLS_CA"),
    )
    .helpOption("-h, --help", "show this help")
    .showHelpAfterError("(chappe-router health --help lists what is allowed)")
    .action(onHealth);
  return command;
}

/** How to reach, from this machine, what listens at `listen`. */
function localAddress(listen: string | undefined): string {
  return (listen || "localhost:9090").replace(/^(0\.0\.0\.0|\[::\]):/, "localhost:");
}
