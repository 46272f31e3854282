// Original file: chappe/v1/admin.proto


export interface PurgeDelayedMessagesRequest {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Empty: from the beginning.
   */
  'pageToken'?: (string);
}

export interface PurgeDelayedMessagesRequest__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Empty: from the beginning.
   */
  'pageToken': (string);
}
