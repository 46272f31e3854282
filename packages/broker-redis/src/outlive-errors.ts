import type { Redis } from "ioredis";

const ignore = () => {};

/**
 * Keeps what a connection's stream still has to say, after its first error, from ending the process. With TLS there is more:
 * an alert of the server follows the broken handshake. The driver listens for one error of each stream.
 */
export function outliveErrors(redis: Redis): void {
  const listen = () => {
    // There is none before the first attempt to connect.
    const stream: Redis["stream"] | undefined = redis.stream;
    if (stream?.listeners("error").includes(ignore) === false) stream.on("error", ignore);
  };
  redis.on("connect", listen);
  redis.on("error", listen);
}
