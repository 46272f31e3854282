/**
 * What may go together in one command: partitions of the same scope. Every store has one rule of its own, for as long as it
 * lives.
 */
export type CallScope = (partition: number) => number;

/** One server carries out any command on any keys, so everything is one scope. */
export const oneScope: CallScope = () => 0;

/** On a cluster it is the partition, whose keys share a slot. */
export const scopeOfPartition: CallScope = (partition) => partition;
