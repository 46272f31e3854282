import { tmpdir } from "node:os";
import { freePort } from "@chappe/testing";
import { expect, it } from "vitest";
import { startServer } from "./start-server.ts";

const cwd = tmpdir();
const listen = (port: number) => `require("node:net").createServer().listen(${port}, "127.0.0.1")`;

it("is ready when the server accepts connections, and ends it", async () => {
  const port = await freePort();
  await using server = await startServer({
    role: "test",
    path: process.execPath,
    args: ["-e", listen(port)],
    cwd,
    port,
  });
  expect(server.pids()).toHaveLength(1);
  await server.stop();
  expect(server.pids()).toEqual([]);
});

it("tells what a server said that ended at once", async () => {
  const args = ["-e", 'console.error("no room left"); process.exit(3)'];
  const started = startServer({ role: "test", path: process.execPath, args, cwd, port: await freePort() });
  await expect(started).rejects.toThrow(/ended at its start:\nno room left/);
});

it("tells that there is no such program", async () => {
  const started = startServer({ role: "test", path: "/nowhere/server", args: [], cwd, port: await freePort() });
  await expect(started).rejects.toThrow("/nowhere/server cannot be started");
});
