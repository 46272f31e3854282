// Original file: chappe/v1/service.proto

import type { Error as _chappe_v1_Error, Error__Output as _chappe_v1_Error__Output } from '../../chappe/v1/Error.ts';
import type { Long } from '@grpc/proto-loader';

export interface RefusedOutcome {
  'delivery'?: (number | string | Long);
  'first'?: (number);
  'count'?: (number);
  'error'?: (_chappe_v1_Error | null);
}

export interface RefusedOutcome__Output {
  'delivery': (number);
  'first': (number);
  'count': (number);
  'error': (_chappe_v1_Error__Output | null);
}
