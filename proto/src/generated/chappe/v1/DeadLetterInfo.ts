// Original file: chappe/v1/admin.proto

import type { MessageInfo as _chappe_v1_MessageInfo, MessageInfo__Output as _chappe_v1_MessageInfo__Output } from '../../chappe/v1/MessageInfo.ts';
import type { Long } from '@grpc/proto-loader';

export interface DeadLetterInfo {
  /**
   * The dead letter's own name, unique within its subscription. Not the message's id.
   */
  'id'?: (string);
  /**
   * Why it died.
   */
  'reason'?: (string);
  /**
   * How often it was handed out.
   */
  'attempts'?: (number);
  /**
   * When it died, milliseconds since 1970-01-01 UTC.
   */
  'diedAtUnixMs'?: (number | string | Long);
  'message'?: (_chappe_v1_MessageInfo | null);
}

export interface DeadLetterInfo__Output {
  /**
   * The dead letter's own name, unique within its subscription. Not the message's id.
   */
  'id': (string);
  /**
   * Why it died.
   */
  'reason': (string);
  /**
   * How often it was handed out.
   */
  'attempts': (number);
  /**
   * When it died, milliseconds since 1970-01-01 UTC.
   */
  'diedAtUnixMs': (number);
  'message': (_chappe_v1_MessageInfo__Output | null);
}
