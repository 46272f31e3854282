import { Chappe } from "./chappe.ts";
import { type ConnectOptions, resolveConnectOptions } from "./connect-options.ts";

/**
 * Makes a client. Nothing is connected yet: the first send, loop or handler does that.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed
 */
export function connect(options: ConnectOptions): Chappe {
  return new Chappe(resolveConnectOptions(options));
}
