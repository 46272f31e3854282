import { type AddressInfo, createServer, type Socket } from "node:net";
import { serviceProtoPath, loaderOptions } from "@chappe/proto";
import { waitFor } from "@chappe/testing";
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceClientConstructor,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { describe, expect, test } from "vitest";
import type { ChappeError } from "@chappe/message";
import { openGrpcChannel, type CallListener, type RouterChannel } from "./transport.ts";

type ServerCall = ServerDuplexStream<Buffer, Buffer>;

const identity = (bytes: Buffer) => bytes;

/** A gRPC server of the contract that echoes frames on Publish, and leaves Subscribe to the test. */
async function startServer(onSubscribe: (call: ServerCall) => void = () => {}) {
  const loaded = loadPackageDefinition(loadSync(serviceProtoPath, loaderOptions)) as never as {
    chappe: { v1: { MessageService: ServiceClientConstructor } };
  };
  const { service } = loaded.chappe.v1.MessageService;
  const bytes = Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      {
        ...method,
        requestSerialize: identity,
        requestDeserialize: identity,
        responseSerialize: identity,
        responseDeserialize: identity,
      },
    ]),
  );
  const server = new Server();
  const implementation: UntypedServiceImplementation = {
    Publish: (call: ServerCall) => {
      call.on("data", (frame: Buffer) => call.write(frame));
      call.on("end", () => call.end());
    },
    Subscribe: onSubscribe,
    Send: () => {},
  };
  server.addService(bytes, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const channel = open(`127.0.0.1:${port}`);
  return {
    server,
    channel,
    [Symbol.dispose]() {
      channel.close();
      server.forceShutdown();
    },
  };
}

function open(router: string, connectTimeoutMs = 5_000): RouterChannel {
  return openGrpcChannel(router, { credentials: credentials.createInsecure(), connectTimeoutMs });
}

function listen() {
  const frames: string[] = [];
  const ends: (ChappeError | undefined)[] = [];
  const listener: CallListener = {
    onFrame: (bytes) => frames.push(bytes.toString()),
    onEnd: (error) => ends.push(error),
    onDrain: () => {},
  };
  return { frames, ends, listener };
}

describe("a call", () => {
  test("carries frames both ways, under the names of the contract, and ends in peace", async () => {
    using fixture = await startServer();
    const { frames, ends, listener } = listen();
    const call = fixture.channel.open("Publish", listener);
    call.write(Buffer.from("one"));
    call.write(Buffer.from("two"));
    await waitFor(() => frames.length === 2);
    expect(frames).toEqual(["one", "two"]);
    call.end();
    await waitFor(() => ends.length === 1);
    expect(ends).toEqual([undefined]);
  });

  test("tells why the router ended it, and whether to come again", async () => {
    const codes = [status.PERMISSION_DENIED, status.UNAVAILABLE, status.INTERNAL];
    using fixture = await startServer((call) => {
      call.emit("error", { code: codes.shift(), details: "because", metadata: new Metadata() });
    });
    const ends: (ChappeError | undefined)[] = [];
    for (let count = 1; count <= 3; count++) {
      fixture.channel.open("Subscribe", { ...listen().listener, onEnd: (error) => ends.push(error) });
      await waitFor(() => ends.length === count);
    }
    expect(ends).toMatchObject([
      { code: "PERMISSION_DENIED", retryable: false, message: expect.stringMatching(/^127.*: because$/) },
      { code: "UNAVAILABLE", retryable: true },
      { code: "INTERNAL", retryable: true },
    ]);
  });

  test("tells nothing after it was cancelled", async () => {
    using fixture = await startServer();
    const { frames, ends, listener } = listen();
    const call = fixture.channel.open("Publish", listener);
    call.write(Buffer.from("one"));
    await waitFor(() => frames.length === 1);
    call.write(Buffer.from("two"));
    call.cancel();
    call.write(Buffer.from("three"));
    call.end();
    const { frames: others, listener: other } = listen();
    fixture.channel.open("Publish", other).write(Buffer.from("after"));
    await waitFor(() => others.length === 1);
    expect({ frames, ends }).toEqual({ frames: ["one"], ends: [] });
  });

  test("to where nobody listens ends at once", async () => {
    using fixture = await startServer();
    fixture.server.forceShutdown();
    const { ends, listener } = listen();
    fixture.channel.open("Publish", listener).write(Buffer.from("x"));
    await waitFor(() => ends.length === 1);
    expect(ends[0]).toMatchObject({ code: "UNAVAILABLE", retryable: true });
  });

  test("to where nobody answers ends after the connect timeout", async () => {
    // Accepts connections and says nothing.
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => {
      silent.listen(0, "127.0.0.1", resolve);
    });
    const { port } = silent.address() as AddressInfo;
    const channel = open(`127.0.0.1:${port}`, 50);
    const { ends, listener } = listen();
    channel.open("Publish", listener);
    await waitFor(() => ends.length === 1);
    expect(ends[0]).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("within 50 ms") });
    channel.close();
    // grpc-js leaves a connection that was never made to its peer.
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      silent.close(resolve);
    });
    expect(ends).toHaveLength(1);
  });
});

test("a connection that is going away is told, while its calls go on", async () => {
  using fixture = await startServer();
  const { frames, listener } = listen();
  const call = fixture.channel.open("Publish", listener);
  call.write(Buffer.from("one"));
  await waitFor(() => frames.length === 1);
  let isLeaving = false;
  fixture.channel.onLeaving(() => {
    isLeaving = true;
  });
  // Sends GOAWAY, and lets calls end.
  fixture.server.tryShutdown(() => {});
  await waitFor(() => isLeaving);
  call.write(Buffer.from("two"));
  await waitFor(() => frames.length === 2);
  call.end();
});
