import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { Link } from "./link.ts";
import { waitFor } from "./wait-for.ts";

/** An echo behind a link, and a connection to it. */
interface ThroughLink {
  readonly link: Link;
  readonly socket: Socket;
  /** What the connection heard. */
  readonly heard: () => string;
  /** What the echo heard. */
  readonly echoed: () => string;
}

async function throughLink(stack: AsyncDisposableStack): Promise<ThroughLink> {
  let echoed = "";
  const echo = createServer((socket) => {
    socket.on("error", () => {}).on("data", (chunk) => (echoed += chunk.toString()));
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  stack.defer(() => new Promise<void>((resolve) => void echo.close(() => resolve())));
  const link = stack.use(await Link.start({ host: "127.0.0.1", port: (echo.address() as AddressInfo).port }));
  const socket = connect({ host: "127.0.0.1", port: link.port });
  stack.defer(() => void socket.destroy());
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString())).on("error", () => {});
  await once(socket, "connect");
  return { link, socket, heard: () => text, echoed: () => echoed };
}

describe("a link", () => {
  test("carries bytes both ways while it is sound", async () => {
    await using stack = new AsyncDisposableStack();
    const { socket, heard } = await throughLink(stack);
    socket.write("hello");
    await waitFor(() => heard() === "hello");
  });

  test("that is cut tells both ends", async () => {
    await using stack = new AsyncDisposableStack();
    const { link, socket, heard } = await throughLink(stack);
    socket.write("hello");
    await waitFor(() => heard() === "hello");
    expect(link.open).toBe(1);
    link.cut("reset");
    await waitFor(() => socket.destroyed);
    expect(link.open).toBe(0);
    expect(link.toll).toMatchObject({ carried: 1, cut: 1, refused: 0, lostBytes: 0, heldBackMs: 0 });
  });

  test("counts what it holds back, loses and refuses", async () => {
    await using stack = new AsyncDisposableStack();
    const { link, socket, heard } = await throughLink(stack);
    link.harm({ lagMs: 10 });
    socket.write("hello");
    await waitFor(() => heard() === "hello");
    expect(link.toll.heldBackMs).toBe(20);
    link.harm({ isDeaf: true });
    socket.write("lost");
    await waitFor(() => link.toll.lostBytes === 4);
    link.harm({ refuses: true });
    await once(connect({ host: "127.0.0.1", port: link.port }), "error");
    expect(link.toll).toMatchObject({ carried: 1, refused: 1 });
  });

  test("counts what it still holds back, too", async () => {
    await using stack = new AsyncDisposableStack();
    const { link, socket, heard } = await throughLink(stack);
    link.harm({ bytesPerSecond: 0.5 });
    socket.write("hello");
    // Long before these ten seconds are over.
    await waitFor(() => link.toll.heldBackMs === 10_000);
    expect(heard()).toBe("");
  });

  test("that is deaf tells nobody, and what was connected then stays so when it is healed", async () => {
    await using stack = new AsyncDisposableStack();
    const { link, socket, heard } = await throughLink(stack);
    socket.write("before");
    await waitFor(() => heard() === "before");
    link.harm({ isDeaf: true });
    socket.write("lost");
    link.heal();
    socket.write("lost too");
    const next = connect({ host: "127.0.0.1", port: link.port });
    stack.defer(() => void next.destroy());
    next.write("again");
    expect(String((await once(next, "data"))[0])).toBe("again");
    expect([heard(), socket.destroyed]).toEqual(["before", false]);
  });

  test("that hides answers lets the target hear everything, and its answers through when it is healed", async () => {
    await using stack = new AsyncDisposableStack();
    const { link, socket, heard, echoed } = await throughLink(stack);
    link.harm({ hidesAnswers: true });
    socket.write("hidden");
    await waitFor(() => echoed() === "hidden" && link.toll.lostBytes === 6);
    link.heal();
    socket.write("heard");
    await waitFor(() => heard() === "heard");
  });

  test("that refuses resets new connections", async () => {
    await using stack = new AsyncDisposableStack();
    const { link } = await throughLink(stack);
    link.harm({ refuses: true });
    const next = connect({ host: "127.0.0.1", port: link.port });
    const [error] = (await once(next, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNRESET");
  });
});
