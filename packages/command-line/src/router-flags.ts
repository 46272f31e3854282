import { type Command, Option } from "commander";
import { collect } from "./collect.ts";

/** Adds the flags of a program that speaks with any number of routers: --router, or CHAPPE_ROUTERS, and those of TLS. */
export function addRouterFlags(command: Command): Command {
  command.addOption(
    new Option("--router <host:port>", "a router to connect to; may be repeated (default: localhost:9090)")
      .argParser(collect)
      .env("CHAPPE_ROUTERS"),
  );
  return addTlsFlags(command, "routers");
}

/**
 * Adds --tls, --tls-ca, --tls-cert and --tls-key. `readTls` reads the files they name.
 *
 * @param whom with whom TLS is spoken, as the help says it
 */
export function addTlsFlags(command: Command, whom: string): Command {
  return command
    .option("--tls", `speak TLS with ${whom}`)
    .option("--tls-ca <file>", "authorities (PEM) to believe, instead of those that Node believes; implies --tls")
    .option("--tls-cert <file>", "this program's certificate (PEM), for routers that ask for one; implies --tls")
    .option("--tls-key <file>", "its private key (PEM)");
}
