import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A batch that passes leaves about four times its bytes behind: as it came, as it left, and on its way through Redis. */
const PASSED_BYTES = 2_000_000;

/**
 * Returns what is to be told of all bytes that pass through the router. It has V8 collect its young generation for every
 * two megabytes of them.
 *
 * A router passes on frames: memory outside V8's heap, hundreds of megabytes a second, dead within milliseconds. V8 frees
 * it when it collects the young objects that stand for it, of which there are few, so their generation is long not full;
 * and for every 64 MiB outside the heap it collects the whole heap instead. Half of a busy router's time went there. A young
 * generation kept small is collected in time too, but then also when messages are small and many, for nothing.
 *
 * It does what `--expose-gc` does, which a program cannot give itself, without showing `gc` to anyone.
 */
export function youngGenerationCollector(): (bytes: number) => void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;
  setFlagsFromString("--no-expose-gc");
  let passedBytes = 0;
  return (bytes) => {
    passedBytes += bytes;
    if (passedBytes < PASSED_BYTES) return;
    passedBytes = 0;
    collect({ type: "minor" });
  };
}
