// Original file: chappe/v1/service.proto

import type { Receipt as _chappe_v1_Receipt, Receipt__Output as _chappe_v1_Receipt__Output } from '../../chappe/v1/Receipt.ts';
import type { Error as _chappe_v1_Error, Error__Output as _chappe_v1_Error__Output } from '../../chappe/v1/Error.ts';
import type { Long } from '@grpc/proto-loader';

export interface PublishResult {
  /**
   * PublishRequest.number, and the batch's index in that frame.
   */
  'number'?: (number | string | Long);
  'index'?: (number);
  'receipt'?: (_chappe_v1_Receipt | null);
  'error'?: (_chappe_v1_Error | null);
  /**
   * Exactly one.
   */
  'result'?: "receipt"|"error";
}

export interface PublishResult__Output {
  /**
   * PublishRequest.number, and the batch's index in that frame.
   */
  'number': (number);
  'index': (number);
  'receipt'?: (_chappe_v1_Receipt__Output | null);
  'error'?: (_chappe_v1_Error__Output | null);
  /**
   * Exactly one.
   */
  'result'?: "receipt"|"error";
}
