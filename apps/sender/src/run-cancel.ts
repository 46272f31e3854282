import type { Sender } from "@chappe/client";
import { ExitCode } from "@chappe/command-line";
import { ChappeError, parseAddress } from "@chappe/message";

/** Takes back a delayed message, tells about it, and resolves with the exit code. */
export async function runCancel(
  sender: Sender,
  address: string,
  id: string,
  say: (line: string) => void,
): Promise<number> {
  const { kind, name } = parseAddress(address);
  try {
    if (await sender.cancel(kind === "receiver" ? { to: name, id } : { topic: name, id })) {
      say(`message ${id} to ${address} is taken back`);
      return ExitCode.OK;
    }
    say(`message ${id} does not wait at ${address}: its time has come, or ${sender.id} has sent no such message`);
  } catch (error) {
    say(`error: ${ChappeError.from(error).message}`);
  }
  return ExitCode.FAILED;
}
