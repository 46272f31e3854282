/**
 * Writes src/generated/ from chappe/v1/*.proto: the types proto-loader generates, and an index of them.
 * CI runs it again and fails when the result differs from what is committed.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const target = `${root}src/generated`;

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

// Keep in step with `loaderOptions` in src/index.ts: the types describe objects loaded with exactly those.
execFileSync(
  `${root}node_modules/.bin/proto-loader-gen-types`,
  [
    "--longs=Number",
    "--enums=String",
    "--defaults",
    "--arrays",
    "--oneofs",
    "--includeComments",
    "--grpcLib=@grpc/grpc-js",
    "--importFileExtension=.ts",
    "--includeDirs=.",
    "--outDir=src/generated",
    "chappe/v1/service.proto",
    "chappe/v1/admin.proto",
  ],
  { cwd: root, stdio: "inherit" },
);

const files = readdirSync(`${target}/chappe/v1`).sort();
const exports = files.map((file) => {
  // Enums are values as well as types; messages and services are types alone, so nothing of them is loaded.
  const hasValues = readFileSync(`${target}/chappe/v1/${file}`, "utf8").includes("export const ");
  return `export ${hasValues ? "*" : "type *"} from "./chappe/v1/${file}";\n`;
});
writeFileSync(
  `${target}/index.ts`,
  [
    "// Written by generate.ts.\n",
    `export type { ProtoGrpcType as AdminGrpcType } from "./admin.ts";\n`,
    `export type { ProtoGrpcType } from "./service.ts";\n`,
    ...exports,
  ].join(""),
);
