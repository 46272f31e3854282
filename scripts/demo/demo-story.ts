import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A message of the demo. */
export interface DemoMessage {
  /** For people: what is sent. */
  readonly title: string;
  /** For people: where to. */
  readonly destination: string;
  /** What the sender is told. */
  readonly args: readonly string[];
  /** Names of the receivers that must get it. */
  readonly receivers: readonly string[];
  readonly contentType: string;
  /** What must arrive, byte for byte. */
  readonly body: Uint8Array;
}

/** A receiver of the demo, by its name. */
export interface DemoReceiver {
  readonly name: string;
  /** What the receiver is told. */
  readonly args: readonly string[];
}

/** The receivers; the first one saves bodies in `inbox`. */
export function demoReceivers(inbox: string): readonly DemoReceiver[] {
  const subscription = (name: string) => ({ name, args: ["--topic", "orders", "--subscription", name] });
  return [
    { name: "receiver-01", args: ["receiver-01", "--out", inbox] },
    subscription("billing"),
    subscription("shipping"),
  ];
}

/** The messages, in the order they are sent. */
export function demoMessages(): readonly DemoMessage[] {
  const text = "hello go message broker";
  const json = '{"from":"sender-01","numbers":[1,2,3]}';
  const order = '{"id":7,"item":"optical telegraph","price":1794}';
  const image = fileURLToPath(new URL("../../apps/sender/examples/telegraph.png", import.meta.url));
  const toReceiver = { destination: "receiver-01", receivers: ["receiver-01"] };
  return [
    {
      ...toReceiver,
      title: `"${text}"`,
      args: ["--to", "receiver-01", text],
      contentType: "text/plain; charset=utf-8",
      body: Buffer.from(text),
    },
    {
      ...toReceiver,
      title: json,
      args: ["--to", "receiver-01", "--json", json],
      contentType: "application/json",
      body: Buffer.from(json),
    },
    {
      ...toReceiver,
      title: "telegraph.png",
      args: ["--to", "receiver-01", "--file", image],
      contentType: "image/png",
      body: readFileSync(image),
    },
    {
      title: `order.created ${order}`,
      destination: "topic orders",
      args: ["--topic", "orders", "--type", "order.created", "--json", order],
      receivers: ["billing", "shipping"],
      contentType: "application/json",
      body: Buffer.from(order),
    },
  ];
}
