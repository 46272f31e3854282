// Original file: chappe/v1/admin.proto


export interface PeekRequest {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription'?: (string);
  /**
   * Most messages, 1 to 1,000. 0: 10. Fewer are shown when their bodies are large.
   */
  'limit'?: (number);
  /**
   * How much of each body to show, bytes: 0 to 64 MiB. 0: nothing.
   */
  'maxBodyBytes'?: (number);
}

export interface PeekRequest__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Must be empty for a receiver.
   */
  'subscription': (string);
  /**
   * Most messages, 1 to 1,000. 0: 10. Fewer are shown when their bodies are large.
   */
  'limit': (number);
  /**
   * How much of each body to show, bytes: 0 to 64 MiB. 0: nothing.
   */
  'maxBodyBytes': (number);
}
