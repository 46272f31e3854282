/** Unary calls of `Send`, as fast as so many callers get their answers: a closed loop. */
import { settings, thresholdsOn } from "./settings.js";

export { send } from "./send.js";

export const options = {
  scenarios: {
    unary: { executor: "constant-vus", vus: settings.users, duration: `${settings.seconds}s`, exec: "send" },
  },
  thresholds: thresholdsOn("grpc_req_duration"),
};
