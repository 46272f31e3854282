import exec from "k6/execution";
import { Client } from "k6/net/grpc";
import { settings } from "./settings.js";

const client = new Client();
client.load([import.meta.resolve("../../proto")], "chappe/v1/service.proto");
let connected = false;

/** The connection of this virtual user. Without a router the run ends: it would fail once for each message. */
export function routerConnection() {
  if (connected) return client;
  try {
    client.connect(settings.router, { plaintext: true });
  } catch (error) {
    exec.test.abort(`no router at ${settings.router}: ${error.message}`);
  }
  connected = true;
  return client;
}
