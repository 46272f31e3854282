/** Unary calls of `Send` at one rate for as long as you like: does anything grow, leak or slow down? An open loop. */
import { settings, thresholdsOn } from "./settings.js";

export { send } from "./send.js";

export const options = {
  scenarios: {
    soak: {
      executor: "constant-arrival-rate",
      rate: settings.rate,
      timeUnit: "1s",
      duration: `${settings.seconds}s`,
      preAllocatedVUs: settings.users,
      exec: "send",
    },
  },
  // A call that finds all users busy is dropped: the rate was not kept.
  thresholds: {
    ...thresholdsOn("grpc_req_duration"),
    dropped_iterations: [`count<=${Math.floor((settings.rate * settings.seconds) / 100)}`],
  },
};
