import { ChappeError } from "@chappe/message";
import type { sendUnaryData, Server, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import { service as definition } from "grpc-health-check";
import { toStatus } from "./grpc-status.ts";

/** Whether the router takes messages. */
export type ServingStatus = "SERVING" | "NOT_SERVING";

interface HealthRequest {
  readonly service: string;
}

interface HealthResponse {
  readonly status: ServingStatus | "SERVICE_UNKNOWN";
}

type WatchCall = ServerWritableStream<HealthRequest, HealthResponse>;

/**
 * `grpc.health.v1.Health`, for the server as a whole (the empty name) and for the services it was given.
 *
 * The package that brings the .proto brings a service too, whose watchers nobody can end: they would hold up a drain.
 */
export class HealthService {
  readonly #services: ReadonlySet<string>;
  readonly #watchers = new Map<WatchCall, HealthResponse["status"] | undefined>();
  #status: ServingStatus = "NOT_SERVING";

  constructor(services: readonly string[]) {
    this.#services = new Set(["", ...services]);
  }

  addTo(server: Server): void {
    server.addService(definition, {
      check: (call: ServerUnaryCall<HealthRequest, HealthResponse>, callback: sendUnaryData<HealthResponse>) => {
        const { service } = call.request;
        if (this.#services.has(service)) callback(null, { status: this.#status });
        else callback(toStatus(new ChappeError("NOT_FOUND", `health of "${service}" is not known here`)));
      },
      list: (_call: unknown, callback: sendUnaryData<{ statuses: Record<string, HealthResponse> }>) => {
        const statuses = Object.fromEntries([...this.#services].map((name) => [name, { status: this.#status }]));
        callback(null, { statuses });
      },
      watch: (call: WatchCall) => {
        this.#watchers.set(call, undefined);
        call.once("cancelled", () => this.#watchers.delete(call));
        call.on("drain", () => this.#tell(call));
        this.#tell(call);
      },
    });
  }

  /** Changes the answer, and tells those who watch. */
  set(status: ServingStatus): void {
    this.#status = status;
    for (const call of this.#watchers.keys()) this.#tell(call);
  }

  /** Ends the streams of those who watch. */
  endWatches(): void {
    for (const call of this.#watchers.keys()) call.end();
    this.#watchers.clear();
  }

  #tell(call: WatchCall): void {
    const status = this.#services.has(call.request.service) ? this.#status : "SERVICE_UNKNOWN";
    // Who does not read gets the latest when it reads again, and none of those between.
    if (status === this.#watchers.get(call) || call.writableNeedDrain) return;
    this.#watchers.set(call, status);
    call.write({ status });
  }
}
