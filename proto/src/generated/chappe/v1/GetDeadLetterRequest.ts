// Original file: chappe/v1/admin.proto


export interface GetDeadLetterRequest {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription'?: (string);
  /**
   * As DeadLetterInfo.id.
   */
  'id'?: (string);
}

export interface GetDeadLetterRequest__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription': (string);
  /**
   * As DeadLetterInfo.id.
   */
  'id': (string);
}
