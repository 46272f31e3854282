/** What a process did with its memory while its meter ran, by the ends of the counters' names. */
export type MeterReading = Readonly<Record<"AllocatedBytes" | "Scavenges" | "MarkSweeps" | "CollectionMicros", number>>;
