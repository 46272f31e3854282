// Original file: chappe/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

export interface HolderInfo {
  /**
   * Name of the router's instance.
   */
  'instance'?: (string);
  'heldBatches'?: (number | string | Long);
}

export interface HolderInfo__Output {
  /**
   * Name of the router's instance.
   */
  'instance': (string);
  'heldBatches': (number);
}
