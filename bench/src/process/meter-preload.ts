/**
 * Preloaded into each Node process under measurement (`node --import`), the router's too, which knows nothing of it:
 * measures allocations, counts gRPC frames, and takes profiles, for just the time that the parent asks for.
 */
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { GCProfiler } from "node:v8";
import { allocatedBytes } from "./allocation-meter.ts";
import { countGrpcFrames } from "./grpc-frame-meter.ts";
import type { MeterReading } from "./meter-reading.ts";
import { answerParent } from "./program-channel.ts";

let profiler = new GCProfiler();
let startBytes = 0;
const writtenFrames = countGrpcFrames();
let startFrames = writtenFrames();
const inspector = new Session();
let profiling: "cpu" | "allocations" = "cpu";

/** Finer than V8's default of 1,000: a few seconds give a picture. */
const SAMPLING_MICROS = 250;
const SAMPLING_BYTES = 16_384;

answerParent({
  startMeter() {
    profiler = new GCProfiler();
    profiler.start();
    startBytes = bytesInUse();
    startFrames = writtenFrames();
  },
  stopMeter(): MeterReading {
    const { frames, bytes } = writtenFrames();
    const { statistics } = profiler.stop();
    const collections = statistics.map(({ beforeGC, afterGC }) => ({
      before: beforeGC.heapStatistics.usedHeapSize + beforeGC.heapStatistics.externalMemory,
      after: afterGC.heapStatistics.usedHeapSize + afterGC.heapStatistics.externalMemory,
    }));
    return {
      GrpcFrames: frames - startFrames.frames,
      GrpcBytes: bytes - startFrames.bytes,
      AllocatedBytes: allocatedBytes(startBytes, collections, bytesInUse()),
      Scavenges: statistics.filter(({ gcType }) => gcType === "Scavenge").length,
      MarkSweeps: statistics.filter(({ gcType }) => gcType !== "Scavenge").length,
      CollectionMicros: statistics.reduce((sum, { cost }) => sum + cost, 0),
    };
  },
  async startProfile(what: "cpu" | "allocations") {
    inspector.connect();
    profiling = what;
    if (what === "allocations") {
      // Garbage too: it is what most of a message's objects are soon.
      const garbage = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
      await inspector.post("HeapProfiler.startSampling", { samplingInterval: SAMPLING_BYTES, ...garbage });
      return;
    }
    await inspector.post("Profiler.enable");
    await inspector.post("Profiler.setSamplingInterval", { interval: SAMPLING_MICROS });
    await inspector.post("Profiler.start");
  },
  async stopProfile(path: string) {
    const { profile } =
      profiling === "cpu" ? await inspector.post("Profiler.stop") : await inspector.post("HeapProfiler.stopSampling");
    writeFileSync(path, JSON.stringify(profile));
    inspector.disconnect();
  },
});
// The meter alone must not keep alive a program that is done.
process.channel?.unref();

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
