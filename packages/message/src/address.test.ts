import { expect, test } from "vitest";
import { parseAddress, receiverAddress, topicAddress } from "./address.ts";

test("an address is taken apart as it was put together", () => {
  expect(receiverAddress("receiver-01")).toBe("receiver:receiver-01");
  expect(topicAddress("orders")).toBe("topic:orders");
  expect(parseAddress("receiver:receiver-01")).toEqual({ kind: "receiver", name: "receiver-01" });
  expect(parseAddress("topic:orders")).toEqual({ kind: "topic", name: "orders" });
});

test("anything else is refused, with what is allowed", () => {
  expect(() => parseAddress("orders")).toThrow('address "orders" must begin with "receiver:" or "topic:"');
  expect(() => parseAddress("topic:")).toThrow("topic of address is empty");
  expect(() => parseAddress("topic:a:b")).toThrow('has ":" at position 1');
  expect(() => parseAddress("Topic:a")).toThrow("must begin with");
  expect(() => parseAddress("", "replyTo")).toThrow('replyTo "" must begin with');
  expect(() => receiverAddress("a b")).toThrow('receiver "a b" has " " at position 1');
  expect(() => topicAddress("")).toThrow("topic is empty");
});
