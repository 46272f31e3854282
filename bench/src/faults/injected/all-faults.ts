import type { SiteName } from "../stage/redis-site.ts";
import type { Fault } from "./fault.ts";
import { handlerFaults } from "./handler-faults.ts";
import { linkFaults } from "./link-faults.ts";
import { processFaults } from "./process-faults.ts";
import { redisFaults } from "./redis-faults.ts";
import { replicationFaults } from "./replication-faults.ts";

/** Every fault there is. */
export const allFaults: readonly Fault[] = [
  ...processFaults,
  ...redisFaults,
  ...replicationFaults,
  ...linkFaults,
  ...handlerFaults,
];

/** Those that can be done where Redis stands so. */
export function faultsOn(site: SiteName): readonly Fault[] {
  return allFaults.filter(({ sites }) => sites.includes(site));
}
