// Original file: chappe/v1/admin.proto


export interface PurgeMessagesRequest {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription'?: (string);
  /**
   * Empty: from the beginning.
   */
  'pageToken'?: (string);
}

export interface PurgeMessagesRequest__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription': (string);
  /**
   * Empty: from the beginning.
   */
  'pageToken': (string);
}
