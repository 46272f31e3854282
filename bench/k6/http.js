/** Posts to `/v1/messages`, as fast as so many callers get their answers: a closed loop. */
import { check } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { binaryBody } from "./message.js";
import { settings, thresholdsOn } from "./settings.js";

const stored = new Counter("messages_stored");

export const options = {
  scenarios: {
    http: { executor: "constant-vus", vus: settings.users, duration: `${settings.seconds}s`, exec: "post" },
  },
  thresholds: { ...thresholdsOn("http_req_duration"), http_req_failed: ["rate==0"] },
};

/** One message. */
export function post() {
  const headers = {
    "Chappe-Sender": "k6",
    "Chappe-To": settings.receiver,
    "Content-Type": "application/octet-stream",
  };
  const response = http.post(`${settings.http}/v1/messages`, binaryBody(exec.scenario.iterationInTest), { headers });
  if (check(response, { "the message is stored": ({ status }) => status === 201 })) stored.add(1);
  else console.error(response.error || response.body);
}
