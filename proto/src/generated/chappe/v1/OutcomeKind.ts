// Original file: chappe/v1/service.proto

export const OutcomeKind = {
  OUTCOME_KIND_UNSPECIFIED: 'OUTCOME_KIND_UNSPECIFIED',
  /**
   * Done.
   */
  ACK: 'ACK',
  /**
   * Given back, not counted as an attempt.
   */
  RELEASE: 'RELEASE',
  /**
   * Counted, retried after a delay; to the dead letters when the attempts are used up.
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
   * Given back, not counted as an attempt.
   */
  | 'RELEASE'
  | 2
  /**
   * Counted, retried after a delay; to the dead letters when the attempts are used up.
   */
  | 'FAIL'
  | 3
  /**
   * To the dead letters at once.
   */
  | 'REJECT'
  | 4

export type OutcomeKind__Output = typeof OutcomeKind[keyof typeof OutcomeKind]
