import { once } from "node:events";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { countGrpcFrames } from "./grpc-frame-meter.ts";

it("counts what both ends of a connection write, and changes nothing about it", async () => {
  const written = countGrpcFrames();
  const server = createServer();
  server.on("stream", (stream) => {
    stream.respond();
    stream.on("data", (chunk: Buffer) => stream.write(chunk));
    stream.on("end", () => stream.end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const request = client.request({ ":method": "POST" });
  const answered: Buffer[] = [];
  request.on("data", (chunk: Buffer) => answered.push(chunk));
  request.write(Buffer.from("four"));
  request.write(Buffer.from("sixsix"), () => request.end());
  await once(request, "end");
  expect(Buffer.concat(answered).toString()).toBe("foursixsix");
  // The server may have read both at once.
  const { frames, bytes } = written();
  expect(bytes).toBe(20);
  expect([3, 4]).toContain(frames);
  client.close();
  server.close();
  await once(server, "close");
});
