import { check } from "k6";
import exec from "k6/execution";
import { Counter } from "k6/metrics";
import { StatusOK } from "k6/net/grpc";
import { base64Body } from "./message.js";
import { routerConnection } from "./router-connection.js";
import { settings } from "./settings.js";

const stored = new Counter("messages_stored");

/** One call of `Send`, on the connection of this virtual user. */
export function send() {
  const message = { sender: "k6", to: settings.receiver, body: base64Body(exec.scenario.iterationInTest) };
  const response = routerConnection().invoke("chappe.v1.MessageService/Send", message);
  if (check(response, { "the message is stored": ({ status }) => status === StatusOK })) stored.add(1);
  else console.error(response.error.message);
}
