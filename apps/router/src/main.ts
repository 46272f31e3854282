#!/usr/bin/env node
import { keepYoungGenerationSmall } from "./young-generation.ts";

keepYoungGenerationSmall();
// Loaded only now, for loading fills the young generation.
const { runProgram } = await import("./program.ts");
process.exitCode = await runProgram(process.argv.slice(2));
