// Original file: chappe/v1/admin.proto

export const WaitingState = {
  WAITING_STATE_UNSPECIFIED: 'WAITING_STATE_UNSPECIFIED',
  /**
   * Any router may have it.
   */
  WAITING: 'WAITING',
  /**
   * A router owns it: for its consumers, or already with one.
   */
  HELD: 'HELD',
  /**
   * It waits for its next attempt.
   */
  RETRY: 'RETRY',
} as const;

export type WaitingState =
  | 'WAITING_STATE_UNSPECIFIED'
  | 0
  /**
   * Any router may have it.
   */
  | 'WAITING'
  | 1
  /**
   * A router owns it: for its consumers, or already with one.
   */
  | 'HELD'
  | 2
  /**
   * It waits for its next attempt.
   */
  | 'RETRY'
  | 3

export type WaitingState__Output = typeof WaitingState[keyof typeof WaitingState]
