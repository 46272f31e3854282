import { ChappeError } from "@chappe/message";
import { Client, credentials } from "@grpc/grpc-js";
import { service } from "grpc-health-check";

/** How to {@link checkHealth}. */
export interface HealthCheckOptions {
  /** How long to wait for the answer, connecting included. @default 2_000 */
  readonly timeoutMs?: number;
  /** PEM text of the authority to believe, for a router with TLS. @default none: without TLS */
  readonly tlsCa?: Buffer | undefined;
}

/**
 * Asks a router, or any gRPC server, for its health: what `grpc.health.v1.Health/Check` says of the server as a whole.
 *
 * @param address `host:port` or `unix:/path`
 * @returns "SERVING" when it takes calls; "NOT_SERVING" otherwise, while a router's store is away or it drains
 * @throws ChappeError UNAVAILABLE when there is no answer in time
 */
export function checkHealth(address: string, { timeoutMs = 2_000, tlsCa }: HealthCheckOptions = {}): Promise<string> {
  const { path, requestSerialize, responseDeserialize } = service["Check"]!;
  const client = new Client(address, tlsCa === undefined ? credentials.createInsecure() : credentials.createSsl(tlsCa));
  return new Promise<string>((resolve, reject) => {
    const deadline = Date.now() + timeoutMs;
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, { deadline }, (error, response) => {
      if (error === null) resolve((response as { readonly status: string }).status);
      else reject(new ChappeError("UNAVAILABLE", `${address} does not answer: ${error.details}`, { cause: error }));
    });
  }).finally(() => client.close());
}
