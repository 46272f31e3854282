// Original file: chappe/v1/service.proto

import type { Opened as _chappe_v1_Opened, Opened__Output as _chappe_v1_Opened__Output } from '../../chappe/v1/Opened.ts';
import type { Delivery as _chappe_v1_Delivery, Delivery__Output as _chappe_v1_Delivery__Output } from '../../chappe/v1/Delivery.ts';
import type { Settled as _chappe_v1_Settled, Settled__Output as _chappe_v1_Settled__Output } from '../../chappe/v1/Settled.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Fields may stand together in one frame. An empty frame is a heartbeat.
 */
export interface SubscribeResponse {
  /**
   * In the first frame, and only there.
   */
  'opened'?: (_chappe_v1_Opened | null);
  'deliveries'?: (_chappe_v1_Delivery)[];
  'settled'?: (_chappe_v1_Settled)[];
  /**
   * This router is about to stop: open a stream elsewhere, settle here what is held, then half-close.
   */
  'draining'?: (boolean);
  /**
   * Set when the address's history was lost: the new one's identity.
   */
  'epoch'?: (string);
  /**
   * Numbers of deliveries that are no longer this consumer's. Their outcomes will be refused. Also those of which a message
   * with an ordering key failed or was released: what had no outcome then is taken back.
   */
  'revoked'?: (number | string | Long)[];
}

/**
 * Fields may stand together in one frame. An empty frame is a heartbeat.
 */
export interface SubscribeResponse__Output {
  /**
   * In the first frame, and only there.
   */
  'opened': (_chappe_v1_Opened__Output | null);
  'deliveries': (_chappe_v1_Delivery__Output)[];
  'settled': (_chappe_v1_Settled__Output)[];
  /**
   * This router is about to stop: open a stream elsewhere, settle here what is held, then half-close.
   */
  'draining': (boolean);
  /**
   * Set when the address's history was lost: the new one's identity.
   */
  'epoch': (string);
  /**
   * Numbers of deliveries that are no longer this consumer's. Their outcomes will be refused. Also those of which a message
   * with an ordering key failed or was released: what had no outcome then is taken back.
   */
  'revoked': (number)[];
}
