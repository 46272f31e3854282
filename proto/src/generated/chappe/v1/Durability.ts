// Original file: chappe/v1/service.proto

/**
 * What a publish waits for.
 */
export const Durability = {
  /**
   * The router's default, which is ACCEPTED.
   */
  DURABILITY_UNSPECIFIED: 'DURABILITY_UNSPECIFIED',
  /**
   * Redis has replied. With its append-only file on, a killed Redis process loses nothing.
   */
  ACCEPTED: 'ACCEPTED',
  /**
   * As many replicas as `replicas` says have it as well.
   */
  REPLICATED: 'REPLICATED',
  /**
   * Redis has it on disk: a power loss of its machine does not take it.
   */
  FSYNCED: 'FSYNCED',
} as const;

/**
 * What a publish waits for.
 */
export type Durability =
  /**
   * The router's default, which is ACCEPTED.
   */
  | 'DURABILITY_UNSPECIFIED'
  | 0
  /**
   * Redis has replied. With its append-only file on, a killed Redis process loses nothing.
   */
  | 'ACCEPTED'
  | 1
  /**
   * As many replicas as `replicas` says have it as well.
   */
  | 'REPLICATED'
  | 2
  /**
   * Redis has it on disk: a power loss of its machine does not take it.
   */
  | 'FSYNCED'
  | 3

/**
 * What a publish waits for.
 */
export type Durability__Output = typeof Durability[keyof typeof Durability]
