import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { startTestHttpRouter, type TestHttpRouter } from "./fixtures/test-http-router.ts";

/** Sends bytes as they are, and returns all that comes until the router closes the connection. */
async function exchange({ url }: TestHttpRouter, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes);
  return text(socket);
}

/** Head and problem of an answer. */
function parsed(answer: string): { head: string; problem: unknown } {
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  return { head, problem: JSON.parse(body) };
}

const LONG = "x".repeat(70_000);

it.each([
  ["garbage", "hello, router\r\n\r\n", 400, /^this is no HTTP\/1\.1 request: /],
  ["too long a header", `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${LONG}\r\n\r\n`, 431, /more than 65536 bytes$/],
  ["too long a URL", `GET /${LONG} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, /more than 65536 bytes$/],
])("%s is answered with a problem, and the connection closed", async (_, bytes, status, detail) => {
  await using fixture = await startTestHttpRouter();
  const { head, problem } = parsed(await exchange(fixture, bytes));
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(head).toContain("content-type: application/problem+json");
  expect(problem).toEqual({
    title: expect.any(String),
    status,
    detail: expect.stringMatching(detail),
    code: "INVALID_ARGUMENT",
    retryable: false,
  });
});

it("garbage behind the request of a stream ends the stream, and writes nothing into it", async () => {
  await using fixture = await startTestHttpRouter();
  const socket = connect(Number(new URL(fixture.url).port), "127.0.0.1");
  socket.write("GET /v1/receivers/b/messages HTTP/1.1\r\nHost: x\r\n\r\n");
  const [head] = (await once(socket, "data")) as [Buffer];
  expect(head.toString()).toContain("HTTP/1.1 200 OK");
  socket.write("hello, router\r\n\r\n");
  expect(await text(socket).catch(() => "")).not.toContain("HTTP/1.1");
});

it.each([
  ["wrong", "%zz", 400, /not percent-encoded UTF-8/],
  ["long", "x".repeat(2_000), 414, /^a name in the path has more than 200 bytes$/],
])("a name in the path that is %s is answered with a problem", async (_, name, status, detail) => {
  await using fixture = await startTestHttpRouter();
  const answer = await fetch(`${fixture.url}/v1/receivers/${name}/messages`);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(await answer.json()).toMatchObject({
    status,
    code: "INVALID_ARGUMENT",
    detail: expect.stringMatching(detail),
  });
});

it("of a long path that is not served no more is repeated than shows which it was", async () => {
  await using fixture = await startTestHttpRouter();
  const answer = await (await fetch(`${fixture.url}/nowhere/${"x".repeat(10_000)}`)).text();
  expect(answer).toContain("/nowhere/xxx");
  expect(answer.length).toBeLessThan(400);
});

it("of a long value no more is repeated than leaves room for what is allowed", async () => {
  await using fixture = await startTestHttpRouter();
  const answer = await fetch(`${fixture.url}/v1/receivers/b/messages?credit=${"x".repeat(10_000)}`);
  const { detail } = (await answer.json()) as { detail: string };
  expect(detail).toMatch(/^credit "xxx.*…x.*must be a whole number from 1 to 1000000$/);
  expect(detail.length).toBeLessThan(1_100);
});
