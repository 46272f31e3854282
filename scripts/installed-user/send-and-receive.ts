// A user's first program, in TypeScript, under the strictest settings.
import { connect } from "@chappe/client";

await using chappe = connect({ routers: [process.env["CHAPPE_ROUTER"] ?? ""] });
const sender = chappe.sender("sender-02");
await sender.send({ to: "receiver-02", body: { from: "TypeScript" } });
for await (const message of chappe.receiver("receiver-02")) {
  const body: unknown = message.json();
  console.log(JSON.stringify(body));
  await message.ack();
  break;
}
