import type { Fault } from "./fault.ts";
import { handlerFaults } from "./handler-faults.ts";
import { linkFaults } from "./link-faults.ts";
import { processFaults } from "./process-faults.ts";
import { redisFaults } from "./redis-faults.ts";

/** Every fault there is. */
export const allFaults: readonly Fault[] = [...processFaults, ...redisFaults, ...linkFaults, ...handlerFaults];
