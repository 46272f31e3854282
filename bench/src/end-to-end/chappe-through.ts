import type { Chappe, connect, ReceivedMessage } from "@chappe/client";
import type { Destination } from "./destinations.ts";
import type { SystemClient } from "./system-client.ts";

/** Consumers that are let in at a time: thousands of connections at once would wait for each other's retries. */
const OPENING = 100;

/** Chappe, as the programs under measurement use it, through the `connect` of any copy of its client. */
export const chappeThrough = (connectTo: typeof connect): SystemClient => ({
  async openSender(routers, number) {
    const chappe = connectTo({ routers, name: `sender-program-${number}` });
    const sender = chappe.sender(`sender-${number}`);
    return {
      send: (destination, body) =>
        destination.kind === "receiver"
          ? sender.send({ to: destination.id, body })
          : sender.publish({ topic: destination.topic, body }),
      close: () => chappe.close(),
    };
  },
  async openReceiver(routers, { program, destinations, readings, connections, onBody }) {
    const clients: Chappe[] = [];
    const newClient = () => {
      const chappe = connectTo({ routers, name: `receiver-program-${program}.${clients.length}` });
      clients.push(chappe);
      return chappe;
    };
    const shared = connections === "per-program" ? newClient() : undefined;
    const waiting = readings.entries();
    const openInTurn = async () => {
      for (const [index, { destination, subscription }] of waiting) {
        const chappe = shared ?? newClient();
        const source = destinations[destination] as Destination;
        const handle = (message: ReceivedMessage) => onBody(index, message.body);
        if (source.kind === "receiver") await chappe.receive(source.id, handle);
        else await chappe.subscribe(source.topic, { subscription }, handle);
      }
    };
    await Promise.all(Array.from({ length: OPENING }, openInTurn));
    return {
      close: async () => {
        await Promise.all(clients.map((chappe) => chappe.close()));
      },
    };
  },
});
