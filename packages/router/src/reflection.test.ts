import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Client, credentials } from "@grpc/grpc-js";
import { loadSync, type ServiceDefinition } from "@grpc/proto-loader";
import descriptor, { type IFileDescriptorProto } from "protobufjs/ext/descriptor.js";
import { expect, test } from "vitest";
import { startTestRouter, type TestRouter } from "./fixtures/test-router.ts";

interface ReflectionResponse {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
}

/** Asks what a tool would ask. */
async function reflect({ router }: TestRouter, request: object): Promise<ReflectionResponse> {
  const folder = dirname(createRequire(import.meta.url).resolve("@grpc/reflection/package.json"));
  const proto = loadSync(join(folder, "build/proto/grpc/reflection/v1/reflection.proto"));
  const { ServerReflectionInfo: method } = proto["grpc.reflection.v1.ServerReflection"] as ServiceDefinition;
  const client = new Client(router.address, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
  try {
    const call = client.makeBidiStreamRequest(method!.path, method!.requestSerialize, method!.responseDeserialize);
    const response = new Promise<object>((resolve, reject) => call.once("data", resolve).once("error", reject));
    call.end(request);
    return (await response) as ReflectionResponse;
  } finally {
    client.close();
  }
}

test("tools find the services without any file", async () => {
  await using fixture = await startTestRouter();
  const { listServicesResponse } = await reflect(fixture, { listServices: "" });
  expect(listServicesResponse?.service.map(({ name }) => name).sort()).toEqual([
    "chappe.v1.MessageService",
    "grpc.health.v1.Health",
  ]);
});

test("descriptors are as protoc writes them: names of the files, entry types of maps, optional fields", async () => {
  await using fixture = await startTestRouter();
  const { fileDescriptorResponse } = await reflect(fixture, { fileContainingSymbol: "chappe.v1.Record" });
  const messages = fileDescriptorResponse!.fileDescriptorProto.flatMap(
    (bytes) => (descriptor.FileDescriptorProto.decode(bytes) as IFileDescriptorProto).messageType ?? [],
  );
  const record = messages.find(({ name }) => name === "Record")!;
  expect(record.nestedType?.map(({ name }) => name)).toEqual(["AttributesEntry"]);
  expect(record.field).toContainEqual(expect.objectContaining({ name: "attributes", typeName: "AttributesEntry" }));
  expect(record.field).toContainEqual(expect.objectContaining({ name: "content_type", proto3Optional: true }));
  const ranges = messages.flatMap(({ reservedRange }) => reservedRange ?? []);
  expect(ranges.filter(({ start = 0, end = 0 }) => end <= start)).toEqual([]);
});

const hasGrpcurl = spawnSync("grpcurl", ["-version"]).error === undefined;

test.runIf(hasGrpcurl)("grpcurl, which checks descriptors, calls without any file", async () => {
  await using fixture = await startTestRouter();
  const { execFile } = await import("node:child_process");
  const output = await new Promise<string>((resolve, reject) => {
    const request = '{"sender":"a","to":"b","body":"aGVsbG8=","attributes":{"k":"v"}}';
    const args = ["-plaintext", "-d", request, fixture.router.address, "chappe.v1.MessageService/Send"];
    execFile("grpcurl", args, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr)),
    );
  });
  expect(JSON.parse(output)).toMatchObject({ receipt: { durability: "ACCEPTED" } });
});
