import { z } from "zod";

// The schemes that gRPC knows; anything else before a colon is a host.
const ROUTER = /^(?:(?:dns|ipv4|ipv6|unix|unix-abstract|xds):.+|(?:[^:/[\]]+|\[[\da-f:.]+\])(?::\d{1,5})?)$/i;

const routers = z
  .array(z.string())
  .transform((lists) => lists.flatMap((list) => list.split(/[\s,]+/).filter((router) => router !== "")))
  .transform((list) => (list.length > 0 ? list : ["localhost:9090"]))
  .superRefine((list, context) => {
    for (const router of list.filter((each) => !ROUTER.test(each))) {
      context.addIssue({ code: "custom", message: `"${router}" is not of the form host:port or unix:/path` });
    }
  });

/** The fields that `addRouterFlags` fills. Routers come one by one or in lists; there is always one. */
export const routerFlags = {
  router: routers.default(["localhost:9090"]),
  tls: z.boolean().default(false),
  tlsCa: z.string().optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
};

/** Runs `check`, and turns what it throws into a problem of the value at hand: for `superRefine`. */
export function passes(check: (value: string) => unknown) {
  return (value: string, context: z.RefinementCtx): void => {
    try {
      check(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    }
  };
}

/**
 * A line for each problem of the flags that a schema was given: `--ttl-ms: "1h" is not a whole number above 0`.
 *
 * @param args fields that are arguments, and so have no dashes
 */
export function problemLines({ issues }: z.ZodError, args: readonly string[] = []): string[] {
  return issues.map(({ path: [field], message }) => {
    const name = String(field);
    return `${args.includes(name) ? name : flagOf(name)}: ${message}`;
  });
}

/** The flag that fills a field: timeoutMs → --timeout-ms. */
function flagOf(field: string): string {
  return `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
