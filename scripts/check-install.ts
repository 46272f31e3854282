/**
 * What a user gets: packs every public package, installs the packages into an empty project outside the workspace, and
 * there runs a router, and sends and receives through it from JavaScript and from type-checked TypeScript.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, spawnProgram, startRedis } from "@chappe/testing";
import { packPackages } from "./packed-packages.ts";

const project = mkdtempSync(join(tmpdir(), "chappe-user-"));
const run = (command: string, args: string[]) => execFileSync(command, args, { cwd: project, stdio: "inherit" });
try {
  install();
  typeCheck();
  await sendAndReceive();
  console.log("the packed packages install, type-check and run outside the workspace");
} finally {
  rmSync(project, { recursive: true, force: true });
}

function install(): void {
  const packed = packPackages(project);
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({
      name: "user",
      private: true,
      type: "module",
      dependencies: Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`])),
    }),
  );
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"]);
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--save-dev", "@types/node@24"]);
  cpSync(fileURLToPath(new URL("installed-user", import.meta.url)), project, { recursive: true });
}

function typeCheck(): void {
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({
      // Library files are checked too: a user may not have skipLibCheck.
      compilerOptions: { module: "nodenext", target: "es2024", strict: true, noEmit: true, types: ["node"] },
      include: ["*.ts"],
    }),
  );
  run(fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url)), ["-p", "."]);
}

async function sendAndReceive(): Promise<void> {
  await using redis = await startRedis({ tcp: true });
  const address = `127.0.0.1:${await freePort()}`;
  await using router = spawnProgram(join(project, "node_modules/@chappe/app-router/dist/main.js"), [], {
    env: { CHAPPE_LISTEN: address, CHAPPE_HTTP_LISTEN: "127.0.0.1:0", CHAPPE_REDIS_URL: redis.url },
    cwd: project,
  });
  await router.waitForLine(/listening/i, 20_000);
  for (const file of ["send-and-receive.js", "send-and-receive.ts"]) {
    await using user = spawnProgram(join(project, file), [], { env: { CHAPPE_ROUTER: address }, cwd: project });
    await user.waitForLine(/Script/, 20_000);
    const { code } = await user.exit;
    if (code !== 0) throw new Error(`${file} exited with ${code}:\n${user.stderr.join("\n")}`);
    console.log(`ok     ${file}`);
  }
}
