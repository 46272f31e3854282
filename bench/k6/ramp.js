/** Unary calls of `Send` at a growing rate: where does the router begin to fall behind? An open loop. */
import { settings, thresholdsOn } from "./settings.js";

export { send } from "./send.js";

export const options = {
  scenarios: {
    ramp: {
      executor: "ramping-arrival-rate",
      startRate: Math.ceil(settings.rate / 10),
      timeUnit: "1s",
      preAllocatedVUs: settings.users,
      stages: [
        { duration: `${settings.seconds * 0.75}s`, target: settings.rate },
        { duration: `${settings.seconds * 0.25}s`, target: settings.rate },
      ],
      exec: "send",
    },
  },
  // A call that finds all users busy is dropped: the rate was not kept.
  thresholds: { ...thresholdsOn("grpc_req_duration"), dropped_iterations: [`count<=${droppable()}`] },
};

/** One in a hundred of what a ramp sends. */
function droppable() {
  const average = settings.rate * (0.75 * 0.55 + 0.25);
  return Math.floor((average * settings.seconds) / 100);
}
