import { ChappeError } from "@chappe/message";

/** Where to listen, in the form that `net.Server.listen` takes. */
export type ListenTarget = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * Reads `host:port`, `[ipv6]:port` or `unix:/path`.
 *
 * @throws ChappeError INVALID_ARGUMENT for anything else
 */
export function parseListen(listen: string): ListenTarget {
  const path = /^unix:(?<path>.+)$/.exec(listen)?.groups?.["path"];
  if (path !== undefined) return { path };
  const groups = /^(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<host>[^\s:/[\]]+)):(?<port>\d{1,5})$/.exec(listen)?.groups;
  const host = groups?.["ipv6"] ?? groups?.["host"];
  const port = Number(groups?.["port"]);
  if (host === undefined || !(port <= 65_535)) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `listen "${listen}": must be host:port, such as 0.0.0.0:9090, or unix:/path`,
    );
  }
  return { host, port };
}

/** The text that {@link parseListen} reads, and that gRPC clients take as a target. */
export function formatListen(target: ListenTarget): string {
  if ("path" in target) return `unix:${target.path}`;
  return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}
