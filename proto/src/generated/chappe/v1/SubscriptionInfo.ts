// Original file: chappe/v1/admin.proto

import type { HolderInfo as _chappe_v1_HolderInfo, HolderInfo__Output as _chappe_v1_HolderInfo__Output } from '../../chappe/v1/HolderInfo.ts';
import type { Long } from '@grpc/proto-loader';

export interface SubscriptionInfo {
  /**
   * Empty for a receiver's only one.
   */
  'subscription'?: (string);
  /**
   * Messages not settled yet: waiting, held, or due later.
   */
  'depthMessages'?: (number | string | Long);
  /**
   * How long ago the oldest message that is held, or could be handed out, was stored or fell due, milliseconds. Absent:
   * there is none.
   */
  'oldestAgeMs'?: (number | string | Long);
  /**
   * Batches, or what is left of them, that routers own: for their consumers, or already with them.
   */
  'heldBatches'?: (number | string | Long);
  /**
   * Messages that wait for their next attempt.
   */
  'waitingRetries'?: (number | string | Long);
  /**
   * Dead letters that are there now.
   */
  'deadLetters'?: (number | string | Long);
  /**
   * Messages since the subscription began: acknowledged, scheduled for another attempt, gone to the dead letters.
   */
  'ackedMessages'?: (number | string | Long);
  'retriedMessages'?: (number | string | Long);
  'deadMessages'?: (number | string | Long);
  /**
   * Routers that have consumers for it at this moment.
   */
  'readingRouters'?: (number);
  /**
   * Routers that own batches, or what is left of them.
   */
  'holders'?: (_chappe_v1_HolderInfo)[];
  /**
   * Messages since the subscription began that went past their topic's retention before they had an outcome here. 0 for a
   * receiver's.
   */
  'trimmedMessages'?: (number | string | Long);
  /**
   * Messages since the subscription began that were past their time and dropped. Where a router keeps them as dead letters,
   * they count as dead_messages.
   */
  'expiredMessages'?: (number | string | Long);
  /**
   * Messages since the subscription began that an operator purged, and dead letters that one redrove.
   */
  'purgedMessages'?: (number | string | Long);
  'redrivenMessages'?: (number | string | Long);
  /**
   * Dead letters since the subscription began that were too old, or too many, to be kept.
   */
  'droppedDeadLetters'?: (number | string | Long);
  '_oldestAgeMs'?: "oldestAgeMs";
}

export interface SubscriptionInfo__Output {
  /**
   * Empty for a receiver's only one.
   */
  'subscription': (string);
  /**
   * Messages not settled yet: waiting, held, or due later.
   */
  'depthMessages': (number);
  /**
   * How long ago the oldest message that is held, or could be handed out, was stored or fell due, milliseconds. Absent:
   * there is none.
   */
  'oldestAgeMs'?: (number);
  /**
   * Batches, or what is left of them, that routers own: for their consumers, or already with them.
   */
  'heldBatches': (number);
  /**
   * Messages that wait for their next attempt.
   */
  'waitingRetries': (number);
  /**
   * Dead letters that are there now.
   */
  'deadLetters': (number);
  /**
   * Messages since the subscription began: acknowledged, scheduled for another attempt, gone to the dead letters.
   */
  'ackedMessages': (number);
  'retriedMessages': (number);
  'deadMessages': (number);
  /**
   * Routers that have consumers for it at this moment.
   */
  'readingRouters': (number);
  /**
   * Routers that own batches, or what is left of them.
   */
  'holders': (_chappe_v1_HolderInfo__Output)[];
  /**
   * Messages since the subscription began that went past their topic's retention before they had an outcome here. 0 for a
   * receiver's.
   */
  'trimmedMessages': (number);
  /**
   * Messages since the subscription began that were past their time and dropped. Where a router keeps them as dead letters,
   * they count as dead_messages.
   */
  'expiredMessages': (number);
  /**
   * Messages since the subscription began that an operator purged, and dead letters that one redrove.
   */
  'purgedMessages': (number);
  'redrivenMessages': (number);
  /**
   * Dead letters since the subscription began that were too old, or too many, to be kept.
   */
  'droppedDeadLetters': (number);
  '_oldestAgeMs'?: "oldestAgeMs";
}
