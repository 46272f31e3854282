// Original file: chappe/v1/admin.proto


export interface DeleteSubscriptionRequest {
  /**
   * As BatchHeader.address; a topic's.
   */
  'address'?: (string);
  'subscription'?: (string);
  /**
   * Delete it whatever it has, and whoever reads it.
   */
  'force'?: (boolean);
}

export interface DeleteSubscriptionRequest__Output {
  /**
   * As BatchHeader.address; a topic's.
   */
  'address': (string);
  'subscription': (string);
  /**
   * Delete it whatever it has, and whoever reads it.
   */
  'force': (boolean);
}
