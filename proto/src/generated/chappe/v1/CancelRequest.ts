// Original file: chappe/v1/service.proto


export interface CancelRequest {
  /**
   * Who sent the message. Grammar as BatchHeader.sender.
   */
  'sender'?: (string);
  /**
   * Id of a receiver.
   */
  'to'?: (string);
  /**
   * Name of a topic.
   */
  'topic'?: (string);
  /**
   * Id of the message, 1 to 200 bytes.
   */
  'id'?: (string);
  /**
   * Where to; exactly one.
   */
  'destination'?: "to"|"topic";
}

export interface CancelRequest__Output {
  /**
   * Who sent the message. Grammar as BatchHeader.sender.
   */
  'sender': (string);
  /**
   * Id of a receiver.
   */
  'to'?: (string);
  /**
   * Name of a topic.
   */
  'topic'?: (string);
  /**
   * Id of the message, 1 to 200 bytes.
   */
  'id': (string);
  /**
   * Where to; exactly one.
   */
  'destination'?: "to"|"topic";
}
