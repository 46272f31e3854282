/** What a process did while its meter ran, by the ends of the counters' names. */
export type MeterReading = Readonly<
  Record<"GrpcFrames" | "GrpcBytes" | "AllocatedBytes" | "Scavenges" | "MarkSweeps" | "CollectionMicros", number>
>;
