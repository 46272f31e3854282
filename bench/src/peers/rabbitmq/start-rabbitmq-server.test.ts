import { expect, it } from "vitest";
import { rabbitmqConfiguration } from "./start-rabbitmq-server.ts";

it("lets RabbitMQ listen on this machine alone, and say what it has to say to us", () => {
  const configuration = rabbitmqConfiguration(5_672);
  expect(configuration).toContain("listeners.tcp.1 = 127.0.0.1:5672\n");
  expect(configuration).toContain("log.console = true\n");
});
