// A user's first program, in plain JavaScript.
import { connect } from "@chappe/client";

const chappe = connect({ routers: [process.env.CHAPPE_ROUTER] });
await chappe.sender("sender-01").send({ to: "receiver-01", body: "from JavaScript" });
for await (const message of chappe.receiver("receiver-01")) {
  console.log(message.text());
  await message.ack();
  break;
}
await chappe.close();
