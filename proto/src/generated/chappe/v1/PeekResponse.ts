// Original file: chappe/v1/admin.proto

import type { WaitingMessage as _chappe_v1_WaitingMessage, WaitingMessage__Output as _chappe_v1_WaitingMessage__Output } from '../../chappe/v1/WaitingMessage.ts';

export interface PeekResponse {
  'messages'?: (_chappe_v1_WaitingMessage)[];
}

export interface PeekResponse__Output {
  'messages': (_chappe_v1_WaitingMessage__Output)[];
}
