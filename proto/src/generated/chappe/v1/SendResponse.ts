// Original file: chappe/v1/service.proto

import type { Receipt as _chappe_v1_Receipt, Receipt__Output as _chappe_v1_Receipt__Output } from '../../chappe/v1/Receipt.ts';

export interface SendResponse {
  /**
   * Id of the message.
   */
  'id'?: (string);
  'receipt'?: (_chappe_v1_Receipt | null);
}

export interface SendResponse__Output {
  /**
   * Id of the message.
   */
  'id': (string);
  'receipt': (_chappe_v1_Receipt__Output | null);
}
