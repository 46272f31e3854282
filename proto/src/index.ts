import { fileURLToPath } from "node:url";

export * from "./generated/index.ts";

/** Absolute path of the folder that `import "chappe/v1/….proto"` is relative to. */
export const protoRoot: string = fileURLToPath(new URL("..", import.meta.url));

/** Absolute path of the file that defines `chappe.v1.MessageService`. */
export const serviceProtoPath: string = fileURLToPath(new URL("../chappe/v1/service.proto", import.meta.url));

/** Absolute path of the file that defines `chappe.v1.AdminService`. */
export const adminProtoPath: string = fileURLToPath(new URL("../chappe/v1/admin.proto", import.meta.url));

/**
 * The options to give `@grpc/proto-loader` with either. The generated types describe objects loaded
 * with exactly these: camelCase names, 64-bit integers as numbers (nothing in the contract exceeds 2^53), enums by
 * name, absent fields at their default, the name of the set member of each oneof.
 */
export const loaderOptions = {
  keepCase: false,
  longs: Number,
  enums: String,
  defaults: true,
  arrays: true,
  oneofs: true,
  includeDirs: [protoRoot],
};
