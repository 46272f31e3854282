/**
 * Run in a package after its compiler: copies what the compiler leaves behind, such as Lua scripts, from src/ to
 * dist/, so that `new URL("./x.lua", import.meta.url)` finds them in both.
 */
import { cpSync } from "node:fs";
import { globSync } from "node:fs";

for (const file of globSync("**/*.{lua,proto,json}", { cwd: "src" })) {
  cpSync(`src/${file}`, `dist/${file}`);
}
