// Original file: chappe/v1/admin.proto

import type { MessageInfo as _chappe_v1_MessageInfo, MessageInfo__Output as _chappe_v1_MessageInfo__Output } from '../../chappe/v1/MessageInfo.ts';
import type { WaitingState as _chappe_v1_WaitingState, WaitingState__Output as _chappe_v1_WaitingState__Output } from '../../chappe/v1/WaitingState.ts';
import type { Long } from '@grpc/proto-loader';

export interface WaitingMessage {
  'message'?: (_chappe_v1_MessageInfo | null);
  'state'?: (_chappe_v1_WaitingState);
  /**
   * 1 + failures counted.
   */
  'attempt'?: (number);
  /**
   * The router that owns it, when HELD.
   */
  'holder'?: (string);
  /**
   * When it was stored or, with RETRY, falls due, milliseconds since 1970-01-01 UTC.
   */
  'sinceUnixMs'?: (number | string | Long);
}

export interface WaitingMessage__Output {
  'message': (_chappe_v1_MessageInfo__Output | null);
  'state': (_chappe_v1_WaitingState__Output);
  /**
   * 1 + failures counted.
   */
  'attempt': (number);
  /**
   * The router that owns it, when HELD.
   */
  'holder': (string);
  /**
   * When it was stored or, with RETRY, falls due, milliseconds since 1970-01-01 UTC.
   */
  'sinceUnixMs': (number);
}
