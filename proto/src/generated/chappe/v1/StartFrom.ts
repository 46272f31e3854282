// Original file: chappe/v1/service.proto

export const StartFrom = {
  /**
   * LATEST for a topic. A receiver's queue always starts at the earliest message.
   */
  START_FROM_UNSPECIFIED: 'START_FROM_UNSPECIFIED',
  /**
   * What is published from now on.
   */
  LATEST: 'LATEST',
  /**
   * Everything the topic still keeps.
   */
  EARLIEST: 'EARLIEST',
} as const;

export type StartFrom =
  /**
   * LATEST for a topic. A receiver's queue always starts at the earliest message.
   */
  | 'START_FROM_UNSPECIFIED'
  | 0
  /**
   * What is published from now on.
   */
  | 'LATEST'
  | 1
  /**
   * Everything the topic still keeps.
   */
  | 'EARLIEST'
  | 2

export type StartFrom__Output = typeof StartFrom[keyof typeof StartFrom]
