import { join } from "node:path";
import type { Server } from "@grpc/grpc-js";
import type { PackageDefinition } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import protobuf from "protobufjs";
import descriptor, { type IDescriptorProto } from "protobufjs/ext/descriptor.js";

/** A .proto file to describe. */
export interface DescribedProto {
  /** Its path, relative to `root`. */
  readonly file: string;
  /** The folder its imports are relative to. */
  readonly root: string;
}

/**
 * Serves gRPC server reflection, so that grpcurl and its like need no file at hand.
 *
 * @throws Error when a .proto file is missing or broken
 */
export function addReflection(server: Server, protos: readonly DescribedProto[]): void {
  const described = {
    format: "Protocol Buffer 3 DescriptorProto",
    type: {},
    fileDescriptorProtos: protos.flatMap(describe),
  };
  // The service looks at nothing but the files; the name they are filed under does not matter.
  new ReflectionService({ described } as unknown as PackageDefinition).addToServer(server);
}

/**
 * A .proto file and its imports as descriptors.
 *
 * Not those of proto-loader, which leave out which fields are optional. Two things of protobufjs' own need mending, for
 * tools refuse them: entry types of maps that have the name of the field (grpcurl#519), and reserved ranges that end
 * before they begin.
 */
function describe({ file, root: folder }: DescribedProto): Buffer[] {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(folder, target);
  root.loadSync(file, { keepCase: true }).resolveAll();
  return root.toDescriptor("proto3").file.map((described) => {
    described.messageType?.forEach(mend);
    return Buffer.from(descriptor.FileDescriptorProto.encode(described).finish());
  });
}

function mend(message: IDescriptorProto): void {
  // Who calls has no use for them.
  message.reservedRange = [];
  for (const nested of message.nestedType ?? []) {
    mend(nested);
    if (!nested.options?.mapEntry) continue;
    const field = message.field?.find(({ typeName }) => typeName === nested.name);
    if (field === undefined) continue;
    nested.name = mapEntryName(field.name ?? "");
    field.typeName = nested.name;
  }
}

/** `some_map` → `SomeMapEntry`, as protoc does. */
function mapEntryName(field: string): string {
  return `${field.replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}
