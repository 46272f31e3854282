import { freePort } from "@chappe/testing";

/** Other processes may take a free port first; so many times in a row they do not. */
const ATTEMPTS = 5;
const PORT_TAKEN = /already.?(in.)?use|already_used|eaddrinuse/i;

/**
 * Starts something that listens on ports which are free at the moment, each of them another; tries again with others
 * when somebody else was quicker.
 */
export async function withFreePorts<Started>(
  count: number,
  start: (...ports: number[]) => Promise<Started>,
): Promise<Started> {
  for (let attempt = 1; ; attempt++) {
    const ports = new Set<number>();
    while (ports.size < count) ports.add(await freePort());
    try {
      return await start(...ports);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Error && PORT_TAKEN.test(error.message))) throw error;
    }
  }
}
