// From process.argv to a program's own options.
export { readArguments } from "./read-arguments.ts";
export { tellUsage, type Usage, type UsageStreams, wrongUsage } from "./usage.ts";
export { collect } from "./collect.ts";

// Reaching routers. What their values may be is said in flag-schemas.ts.
export { addRouterFlags, addTlsFlags } from "./router-flags.ts";
export { readTls, type TlsFiles, type TlsFlags } from "./read-tls.ts";

// Stopping.
export { ExitCode } from "./exit-codes.ts";
export { exitCodeOfSignal, onStopSignal, type StopSignal } from "./stop-signals.ts";
