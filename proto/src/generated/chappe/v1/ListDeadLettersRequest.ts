// Original file: chappe/v1/admin.proto


export interface ListDeadLettersRequest {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription'?: (string);
  /**
   * Only those whose reason contains this text. At most 1 KiB. Empty: all.
   */
  'reason'?: (string);
  /**
   * 1 to 1,000. 0: 100. A page may hold fewer, even none, and yet there may be a next one.
   */
  'pageSize'?: (number);
  /**
   * Empty: from the beginning.
   */
  'pageToken'?: (string);
}

export interface ListDeadLettersRequest__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription': (string);
  /**
   * Only those whose reason contains this text. At most 1 KiB. Empty: all.
   */
  'reason': (string);
  /**
   * 1 to 1,000. 0: 100. A page may hold fewer, even none, and yet there may be a next one.
   */
  'pageSize': (number);
  /**
   * Empty: from the beginning.
   */
  'pageToken': (string);
}
