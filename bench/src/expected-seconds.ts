import { type BenchCase, optionsFor } from "./bench-case.ts";
import { type Overrides, resolveCaseOptions } from "./case-options.ts";

/** Starting a process and ending it, on a machine with a few cores. */
const PROCESS_SECONDS = 0.3;
const CONNECTIONS_PER_SECOND = 1_000;
const BACKLOG_PER_SECOND = 200_000;
const REDIS_SECONDS = 1;
const MICRO_SECONDS = 0.6;
/** Router, receiver and tool. */
const LOAD_PROCESSES = 3;

/** How long a case takes, roughly, for people who wait. */
export function expectedSeconds(each: BenchCase, over: Overrides): number {
  if (each.kind === "micro") return MICRO_SECONDS;
  if (each.kind === "load") return REDIS_SECONDS + LOAD_PROCESSES * PROCESS_SECONDS + each.seconds;
  const options = resolveCaseOptions(each.options, optionsFor(each.kind, over));
  if (each.kind === "xadd" || each.kind === "set-get") return REDIS_SECONDS + options.seconds;
  const { routers, senders, receivers, receiverPrograms, connections, messages, seconds, warmUpSeconds } = options;
  const starting =
    REDIS_SECONDS +
    (routers + senders + receiverPrograms) * PROCESS_SECONDS +
    (connections === "per-receiver" ? receivers / CONNECTIONS_PER_SECOND : 0);
  return starting + (each.kind === "backlog" ? messages / BACKLOG_PER_SECOND : warmUpSeconds + seconds);
}
