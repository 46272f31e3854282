// Original file: chappe/v1/admin.proto


/**
 * Which dead letters of one subscription; all, unless ids or a reason are given. With both, those that match both.
 */
export interface DeadLetterSelection {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription'?: (string);
  /**
   * As DeadLetterInfo.id; at most 1,000. Those that are not there are passed over.
   */
  'ids'?: (string)[];
  /**
   * Those whose reason contains this text. At most 1 KiB.
   */
  'reason'?: (string);
  /**
   * Empty: from the beginning.
   */
  'pageToken'?: (string);
}

/**
 * Which dead letters of one subscription; all, unless ids or a reason are given. With both, those that match both.
 */
export interface DeadLetterSelection__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription': (string);
  /**
   * As DeadLetterInfo.id; at most 1,000. Those that are not there are passed over.
   */
  'ids': (string)[];
  /**
   * Those whose reason contains this text. At most 1 KiB.
   */
  'reason': (string);
  /**
   * Empty: from the beginning.
   */
  'pageToken': (string);
}
