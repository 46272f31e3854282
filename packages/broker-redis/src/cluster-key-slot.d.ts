declare module "cluster-key-slot" {
  /** CRC16 of the key, or of what its first pair of braces encloses, modulo 16,384. */
  export default function calculateSlot(key: string): number;
}
