// Original file: chappe/v1/service.proto

import type { Long } from '@grpc/proto-loader';

export interface Error {
  /**
   * A gRPC status code: docs/errors.md.
   */
  'code'?: (number);
  'message'?: (string);
  /**
   * The same request may succeed later, unchanged.
   */
  'retryable'?: (boolean);
  /**
   * Set on a gap in the sequence: the sequence the router expects next. Resend from there, in order.
   */
  'expectedSequence'?: (number | string | Long);
}

export interface Error__Output {
  /**
   * A gRPC status code: docs/errors.md.
   */
  'code': (number);
  'message': (string);
  /**
   * The same request may succeed later, unchanged.
   */
  'retryable': (boolean);
  /**
   * Set on a gap in the sequence: the sequence the router expects next. Resend from there, in order.
   */
  'expectedSequence': (number);
}
