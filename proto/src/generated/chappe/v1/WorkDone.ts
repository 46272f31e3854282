// Original file: chappe/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

export interface WorkDone {
  /**
   * Messages redriven or deleted by this call.
   */
  'messages'?: (number | string | Long);
  /**
   * Not empty: call again with it, there is more to do.
   */
  'nextPageToken'?: (string);
}

export interface WorkDone__Output {
  /**
   * Messages redriven or deleted by this call.
   */
  'messages': (number);
  /**
   * Not empty: call again with it, there is more to do.
   */
  'nextPageToken': (string);
}
