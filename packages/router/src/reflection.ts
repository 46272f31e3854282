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
 * Not those of proto-loader: its older protobufjs leaves out which fields are optional, and writes reserved ranges that
 * tools refuse. One thing needs mending in those of the newer one too: entry types of maps have the name of their field,
 * which tools refuse as well (grpcurl#519).
 */
function describe({ file, root: folder }: DescribedProto): Buffer[] {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(folder, target);
  root.loadSync(file, { keepCase: true }).resolveAll();
  return root.toDescriptor("proto3").file.map((described) => {
    described.messageType?.forEach(renameMapEntries);
    return Buffer.from(descriptor.FileDescriptorProto.encode(described).finish());
  });
}

function renameMapEntries(message: IDescriptorProto): void {
  for (const nested of message.nestedType ?? []) {
    renameMapEntries(nested);
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
