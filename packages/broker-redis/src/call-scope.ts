/**
 * What may go together in one command: partitions of the same scope. One server carries out any command on any keys, so
 * everything is one scope. On a cluster it would be the partition, whose keys share a slot.
 */
export function scopeOf(_partition: number): number {
  return 0;
}
