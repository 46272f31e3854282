// Original file: chappe/v1/service.proto

export const OutcomeKind = {
  OUTCOME_KIND_UNSPECIFIED: 'OUTCOME_KIND_UNSPECIFIED',
  /**
   * Done.
   */
  ACK: 'ACK',
  /**
   * Given back, not counted as an attempt. With an ordering key, so is what comes after it in its delivery.
   */
  RELEASE: 'RELEASE',
  /**
   * Counted, retried after a delay; to the dead letters when the attempts are used up. With an ordering key it stays where it
   * is, and what comes after it waits; of several messages in one outcome it counts for the first.
   */
  FAIL: 'FAIL',
  /**
   * To the dead letters at once.
   */
  REJECT: 'REJECT',
} as const;

export type OutcomeKind =
  | 'OUTCOME_KIND_UNSPECIFIED'
  | 0
  /**
   * Done.
   */
  | 'ACK'
  | 1
  /**
   * Given back, not counted as an attempt. With an ordering key, so is what comes after it in its delivery.
   */
  | 'RELEASE'
  | 2
  /**
   * Counted, retried after a delay; to the dead letters when the attempts are used up. With an ordering key it stays where it
   * is, and what comes after it waits; of several messages in one outcome it counts for the first.
   */
  | 'FAIL'
  | 3
  /**
   * To the dead letters at once.
   */
  | 'REJECT'
  | 4

export type OutcomeKind__Output = typeof OutcomeKind[keyof typeof OutcomeKind]
