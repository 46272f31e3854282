import { dirname } from "node:path";
import { loaderOptions, protoRoot, type ProtoGrpcType, serviceProtoPath } from "@chappe/proto";
import type { ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { protoPath as healthProtoPath } from "grpc-health-check";
import type { DescribedProto } from "./reflection.ts";

/** Full name of the service, as health and reflection know it. */
export const MESSAGE_SERVICE = "chappe.v1.MessageService";

/** What reflection tells of. */
export const DESCRIBED_PROTOS: readonly DescribedProto[] = [
  { file: "chappe/v1/service.proto", root: protoRoot },
  { file: "health.proto", root: dirname(healthProtoPath) },
];

/**
 * Reads the service's definition from its .proto files. Publish and Subscribe carry bytes: their sessions read and write
 * frames with the codec of @chappe/message.
 *
 * @throws Error when the files are missing or broken
 */
export function loadMessageService(): ServiceDefinition {
  const service = loadSync(serviceProtoPath, loaderOptions)[
    MESSAGE_SERVICE
  ] as unknown as ProtoGrpcType["chappe"]["v1"]["MessageService"]["service"];
  return {
    ...service,
    Publish: { ...service.Publish, requestDeserialize: asIs, responseSerialize: asIs },
    Subscribe: { ...service.Subscribe, requestDeserialize: asIs, responseSerialize: asIs },
  };
}

/**
 * In place of a serializer. A frame that cannot be read is the session's business: an error thrown here would reach the
 * client as INTERNAL, without a word on what is wrong.
 */
function asIs(bytes: Buffer): Buffer {
  return bytes;
}
