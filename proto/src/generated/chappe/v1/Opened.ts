// Original file: chappe/v1/service.proto


export interface Opened {
  'epoch'?: (string);
  /**
   * A consumer that sends no frame for this long is taken for dead.
   */
  'leaseMs'?: (number);
  /**
   * An idle stream carries an empty frame this often.
   */
  'heartbeatMs'?: (number);
  /**
   * Attempts until a message goes to the dead letters.
   */
  'maxAttempts'?: (number);
  /**
   * Of a topic: the subscription was there already, and goes on where it stands, whatever Open said about where a new one
   * begins. Routers that do not know this field leave it out.
   */
  'resumed'?: (boolean);
}

export interface Opened__Output {
  'epoch': (string);
  /**
   * A consumer that sends no frame for this long is taken for dead.
   */
  'leaseMs': (number);
  /**
   * An idle stream carries an empty frame this often.
   */
  'heartbeatMs': (number);
  /**
   * Attempts until a message goes to the dead letters.
   */
  'maxAttempts': (number);
  /**
   * Of a topic: the subscription was there already, and goes on where it stands, whatever Open said about where a new one
   * begins. Routers that do not know this field leave it out.
   */
  'resumed': (boolean);
}
