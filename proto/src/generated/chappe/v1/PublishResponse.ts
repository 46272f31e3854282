// Original file: chappe/v1/service.proto

import type { PublishResult as _chappe_v1_PublishResult, PublishResult__Output as _chappe_v1_PublishResult__Output } from '../../chappe/v1/PublishResult.ts';

export interface PublishResponse {
  'results'?: (_chappe_v1_PublishResult)[];
}

export interface PublishResponse__Output {
  'results': (_chappe_v1_PublishResult__Output)[];
}
