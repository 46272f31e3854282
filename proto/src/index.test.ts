import { loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { expect, test } from "vitest";
import { loaderOptions, serviceProtoPath, type ProtoGrpcType } from "./index.ts";

const definition = loadSync(serviceProtoPath, loaderOptions);

test("the shipped .proto files load with the shipped options", () => {
  const { chappe } = loadPackageDefinition(definition) as unknown as ProtoGrpcType;
  expect(Object.keys(chappe.v1.MessageService.service)).toEqual(
    expect.arrayContaining(["Send", "Publish", "Subscribe"]),
  );
});

test("objects have the shape the generated types promise", () => {
  const { chappe } = loadPackageDefinition(definition) as unknown as ProtoGrpcType;
  const { requestSerialize, requestDeserialize } = chappe.v1.MessageService.service.Send;
  const request = requestDeserialize(requestSerialize({ sender: "a", to: "b", ttlMs: 2 ** 40 }));
  expect(request).toMatchObject({ destination: "to", ttlMs: 2 ** 40, durability: "DURABILITY_UNSPECIFIED" });
});
