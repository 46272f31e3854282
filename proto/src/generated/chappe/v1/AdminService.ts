// Original file: chappe/v1/admin.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AddressInfo as _chappe_v1_AddressInfo, AddressInfo__Output as _chappe_v1_AddressInfo__Output } from '../../chappe/v1/AddressInfo.ts';
import type { DeadLetterInfo as _chappe_v1_DeadLetterInfo, DeadLetterInfo__Output as _chappe_v1_DeadLetterInfo__Output } from '../../chappe/v1/DeadLetterInfo.ts';
import type { DeadLetterSelection as _chappe_v1_DeadLetterSelection, DeadLetterSelection__Output as _chappe_v1_DeadLetterSelection__Output } from '../../chappe/v1/DeadLetterSelection.ts';
import type { DeleteAddressRequest as _chappe_v1_DeleteAddressRequest, DeleteAddressRequest__Output as _chappe_v1_DeleteAddressRequest__Output } from '../../chappe/v1/DeleteAddressRequest.ts';
import type { DeleteAddressResponse as _chappe_v1_DeleteAddressResponse, DeleteAddressResponse__Output as _chappe_v1_DeleteAddressResponse__Output } from '../../chappe/v1/DeleteAddressResponse.ts';
import type { DeleteSubscriptionRequest as _chappe_v1_DeleteSubscriptionRequest, DeleteSubscriptionRequest__Output as _chappe_v1_DeleteSubscriptionRequest__Output } from '../../chappe/v1/DeleteSubscriptionRequest.ts';
import type { DeleteSubscriptionResponse as _chappe_v1_DeleteSubscriptionResponse, DeleteSubscriptionResponse__Output as _chappe_v1_DeleteSubscriptionResponse__Output } from '../../chappe/v1/DeleteSubscriptionResponse.ts';
import type { GetAddressRequest as _chappe_v1_GetAddressRequest, GetAddressRequest__Output as _chappe_v1_GetAddressRequest__Output } from '../../chappe/v1/GetAddressRequest.ts';
import type { GetDeadLetterRequest as _chappe_v1_GetDeadLetterRequest, GetDeadLetterRequest__Output as _chappe_v1_GetDeadLetterRequest__Output } from '../../chappe/v1/GetDeadLetterRequest.ts';
import type { ListAddressesRequest as _chappe_v1_ListAddressesRequest, ListAddressesRequest__Output as _chappe_v1_ListAddressesRequest__Output } from '../../chappe/v1/ListAddressesRequest.ts';
import type { ListAddressesResponse as _chappe_v1_ListAddressesResponse, ListAddressesResponse__Output as _chappe_v1_ListAddressesResponse__Output } from '../../chappe/v1/ListAddressesResponse.ts';
import type { ListDeadLettersRequest as _chappe_v1_ListDeadLettersRequest, ListDeadLettersRequest__Output as _chappe_v1_ListDeadLettersRequest__Output } from '../../chappe/v1/ListDeadLettersRequest.ts';
import type { ListDeadLettersResponse as _chappe_v1_ListDeadLettersResponse, ListDeadLettersResponse__Output as _chappe_v1_ListDeadLettersResponse__Output } from '../../chappe/v1/ListDeadLettersResponse.ts';
import type { PeekRequest as _chappe_v1_PeekRequest, PeekRequest__Output as _chappe_v1_PeekRequest__Output } from '../../chappe/v1/PeekRequest.ts';
import type { PeekResponse as _chappe_v1_PeekResponse, PeekResponse__Output as _chappe_v1_PeekResponse__Output } from '../../chappe/v1/PeekResponse.ts';
import type { PurgeDelayedMessagesRequest as _chappe_v1_PurgeDelayedMessagesRequest, PurgeDelayedMessagesRequest__Output as _chappe_v1_PurgeDelayedMessagesRequest__Output } from '../../chappe/v1/PurgeDelayedMessagesRequest.ts';
import type { PurgeMessagesRequest as _chappe_v1_PurgeMessagesRequest, PurgeMessagesRequest__Output as _chappe_v1_PurgeMessagesRequest__Output } from '../../chappe/v1/PurgeMessagesRequest.ts';
import type { SeekRequest as _chappe_v1_SeekRequest, SeekRequest__Output as _chappe_v1_SeekRequest__Output } from '../../chappe/v1/SeekRequest.ts';
import type { SeekResponse as _chappe_v1_SeekResponse, SeekResponse__Output as _chappe_v1_SeekResponse__Output } from '../../chappe/v1/SeekResponse.ts';
import type { WorkDone as _chappe_v1_WorkDone, WorkDone__Output as _chappe_v1_WorkDone__Output } from '../../chappe/v1/WorkDone.ts';

/**
 * Where nothing is found, because its address or its subscription is not there, calls fail with NOT_FOUND.
 */
export interface AdminServiceClient extends grpc.Client {
  /**
   * Deletes an address with all it has. NOT_FOUND if it is not there; FAILED_PRECONDITION, unless forced, for one that has
   * messages (a topic's history included), dead letters or consumers. The next publish or consumer makes it anew, with a
   * new epoch: to senders and consumers it is as if its history had been lost, so that a sender that lives sends again
   * what it sent in the last seconds. Stop senders first.
   */
  DeleteAddress(argument: _chappe_v1_DeleteAddressRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeleteAddressResponse__Output>): grpc.ClientUnaryCall;
  DeleteAddress(argument: _chappe_v1_DeleteAddressRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_DeleteAddressResponse__Output>): grpc.ClientUnaryCall;
  DeleteAddress(argument: _chappe_v1_DeleteAddressRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeleteAddressResponse__Output>): grpc.ClientUnaryCall;
  DeleteAddress(argument: _chappe_v1_DeleteAddressRequest, callback: grpc.requestCallback<_chappe_v1_DeleteAddressResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes an address with all it has. NOT_FOUND if it is not there; FAILED_PRECONDITION, unless forced, for one that has
   * messages (a topic's history included), dead letters or consumers. The next publish or consumer makes it anew, with a
   * new epoch: to senders and consumers it is as if its history had been lost, so that a sender that lives sends again
   * what it sent in the last seconds. Stop senders first.
   */
  deleteAddress(argument: _chappe_v1_DeleteAddressRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeleteAddressResponse__Output>): grpc.ClientUnaryCall;
  deleteAddress(argument: _chappe_v1_DeleteAddressRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_DeleteAddressResponse__Output>): grpc.ClientUnaryCall;
  deleteAddress(argument: _chappe_v1_DeleteAddressRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeleteAddressResponse__Output>): grpc.ClientUnaryCall;
  deleteAddress(argument: _chappe_v1_DeleteAddressRequest, callback: grpc.requestCallback<_chappe_v1_DeleteAddressResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes a topic's subscription, with its messages and dead letters. NOT_FOUND if it is not there; FAILED_PRECONDITION
   * for a receiver's only one and, unless forced, for one that has messages, dead letters or consumers. Consumers that
   * read it all the same lose what they hold and make it anew: it begins with what is published then.
   */
  DeleteSubscription(argument: _chappe_v1_DeleteSubscriptionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeleteSubscriptionResponse__Output>): grpc.ClientUnaryCall;
  DeleteSubscription(argument: _chappe_v1_DeleteSubscriptionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_DeleteSubscriptionResponse__Output>): grpc.ClientUnaryCall;
  DeleteSubscription(argument: _chappe_v1_DeleteSubscriptionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeleteSubscriptionResponse__Output>): grpc.ClientUnaryCall;
  DeleteSubscription(argument: _chappe_v1_DeleteSubscriptionRequest, callback: grpc.requestCallback<_chappe_v1_DeleteSubscriptionResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a topic's subscription, with its messages and dead letters. NOT_FOUND if it is not there; FAILED_PRECONDITION
   * for a receiver's only one and, unless forced, for one that has messages, dead letters or consumers. Consumers that
   * read it all the same lose what they hold and make it anew: it begins with what is published then.
   */
  deleteSubscription(argument: _chappe_v1_DeleteSubscriptionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeleteSubscriptionResponse__Output>): grpc.ClientUnaryCall;
  deleteSubscription(argument: _chappe_v1_DeleteSubscriptionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_DeleteSubscriptionResponse__Output>): grpc.ClientUnaryCall;
  deleteSubscription(argument: _chappe_v1_DeleteSubscriptionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeleteSubscriptionResponse__Output>): grpc.ClientUnaryCall;
  deleteSubscription(argument: _chappe_v1_DeleteSubscriptionRequest, callback: grpc.requestCallback<_chappe_v1_DeleteSubscriptionResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The state of one address. NOT_FOUND if nobody has used it.
   */
  GetAddress(argument: _chappe_v1_GetAddressRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_AddressInfo__Output>): grpc.ClientUnaryCall;
  GetAddress(argument: _chappe_v1_GetAddressRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_AddressInfo__Output>): grpc.ClientUnaryCall;
  GetAddress(argument: _chappe_v1_GetAddressRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_AddressInfo__Output>): grpc.ClientUnaryCall;
  GetAddress(argument: _chappe_v1_GetAddressRequest, callback: grpc.requestCallback<_chappe_v1_AddressInfo__Output>): grpc.ClientUnaryCall;
  /**
   * The state of one address. NOT_FOUND if nobody has used it.
   */
  getAddress(argument: _chappe_v1_GetAddressRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_AddressInfo__Output>): grpc.ClientUnaryCall;
  getAddress(argument: _chappe_v1_GetAddressRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_AddressInfo__Output>): grpc.ClientUnaryCall;
  getAddress(argument: _chappe_v1_GetAddressRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_AddressInfo__Output>): grpc.ClientUnaryCall;
  getAddress(argument: _chappe_v1_GetAddressRequest, callback: grpc.requestCallback<_chappe_v1_AddressInfo__Output>): grpc.ClientUnaryCall;
  
  /**
   * One dead letter with its whole body. NOT_FOUND if it is not there.
   */
  GetDeadLetter(argument: _chappe_v1_GetDeadLetterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeadLetterInfo__Output>): grpc.ClientUnaryCall;
  GetDeadLetter(argument: _chappe_v1_GetDeadLetterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_DeadLetterInfo__Output>): grpc.ClientUnaryCall;
  GetDeadLetter(argument: _chappe_v1_GetDeadLetterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeadLetterInfo__Output>): grpc.ClientUnaryCall;
  GetDeadLetter(argument: _chappe_v1_GetDeadLetterRequest, callback: grpc.requestCallback<_chappe_v1_DeadLetterInfo__Output>): grpc.ClientUnaryCall;
  /**
   * One dead letter with its whole body. NOT_FOUND if it is not there.
   */
  getDeadLetter(argument: _chappe_v1_GetDeadLetterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeadLetterInfo__Output>): grpc.ClientUnaryCall;
  getDeadLetter(argument: _chappe_v1_GetDeadLetterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_DeadLetterInfo__Output>): grpc.ClientUnaryCall;
  getDeadLetter(argument: _chappe_v1_GetDeadLetterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_DeadLetterInfo__Output>): grpc.ClientUnaryCall;
  getDeadLetter(argument: _chappe_v1_GetDeadLetterRequest, callback: grpc.requestCallback<_chappe_v1_DeadLetterInfo__Output>): grpc.ClientUnaryCall;
  
  /**
   * Addresses that somebody has used, with their state, page by page. Each once, in no promised order.
   */
  ListAddresses(argument: _chappe_v1_ListAddressesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_ListAddressesResponse__Output>): grpc.ClientUnaryCall;
  ListAddresses(argument: _chappe_v1_ListAddressesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_ListAddressesResponse__Output>): grpc.ClientUnaryCall;
  ListAddresses(argument: _chappe_v1_ListAddressesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_ListAddressesResponse__Output>): grpc.ClientUnaryCall;
  ListAddresses(argument: _chappe_v1_ListAddressesRequest, callback: grpc.requestCallback<_chappe_v1_ListAddressesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Addresses that somebody has used, with their state, page by page. Each once, in no promised order.
   */
  listAddresses(argument: _chappe_v1_ListAddressesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_ListAddressesResponse__Output>): grpc.ClientUnaryCall;
  listAddresses(argument: _chappe_v1_ListAddressesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_ListAddressesResponse__Output>): grpc.ClientUnaryCall;
  listAddresses(argument: _chappe_v1_ListAddressesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_ListAddressesResponse__Output>): grpc.ClientUnaryCall;
  listAddresses(argument: _chappe_v1_ListAddressesRequest, callback: grpc.requestCallback<_chappe_v1_ListAddressesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Dead letters, oldest first, page by page.
   */
  ListDeadLetters(argument: _chappe_v1_ListDeadLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _chappe_v1_ListDeadLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _chappe_v1_ListDeadLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _chappe_v1_ListDeadLettersRequest, callback: grpc.requestCallback<_chappe_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Dead letters, oldest first, page by page.
   */
  listDeadLetters(argument: _chappe_v1_ListDeadLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _chappe_v1_ListDeadLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _chappe_v1_ListDeadLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _chappe_v1_ListDeadLettersRequest, callback: grpc.requestCallback<_chappe_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What waits, oldest first. Takes nothing, and changes no order.
   */
  Peek(argument: _chappe_v1_PeekRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_PeekResponse__Output>): grpc.ClientUnaryCall;
  Peek(argument: _chappe_v1_PeekRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_PeekResponse__Output>): grpc.ClientUnaryCall;
  Peek(argument: _chappe_v1_PeekRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_PeekResponse__Output>): grpc.ClientUnaryCall;
  Peek(argument: _chappe_v1_PeekRequest, callback: grpc.requestCallback<_chappe_v1_PeekResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What waits, oldest first. Takes nothing, and changes no order.
   */
  peek(argument: _chappe_v1_PeekRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_PeekResponse__Output>): grpc.ClientUnaryCall;
  peek(argument: _chappe_v1_PeekRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_PeekResponse__Output>): grpc.ClientUnaryCall;
  peek(argument: _chappe_v1_PeekRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_PeekResponse__Output>): grpc.ClientUnaryCall;
  peek(argument: _chappe_v1_PeekRequest, callback: grpc.requestCallback<_chappe_v1_PeekResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes dead letters.
   */
  PurgeDeadLetters(argument: _chappe_v1_DeadLetterSelection, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeDeadLetters(argument: _chappe_v1_DeadLetterSelection, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeDeadLetters(argument: _chappe_v1_DeadLetterSelection, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeDeadLetters(argument: _chappe_v1_DeadLetterSelection, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes dead letters.
   */
  purgeDeadLetters(argument: _chappe_v1_DeadLetterSelection, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeDeadLetters(argument: _chappe_v1_DeadLetterSelection, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeDeadLetters(argument: _chappe_v1_DeadLetterSelection, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeDeadLetters(argument: _chappe_v1_DeadLetterSelection, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes the messages of an address that wait for the time they are to be delivered at, soonest first, and frees their
   * deduplication ids. NOT_FOUND if nobody has used the address. Of those that are sent meanwhile, some may go as well.
   */
  PurgeDelayedMessages(argument: _chappe_v1_PurgeDelayedMessagesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeDelayedMessages(argument: _chappe_v1_PurgeDelayedMessagesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeDelayedMessages(argument: _chappe_v1_PurgeDelayedMessagesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeDelayedMessages(argument: _chappe_v1_PurgeDelayedMessagesRequest, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes the messages of an address that wait for the time they are to be delivered at, soonest first, and frees their
   * deduplication ids. NOT_FOUND if nobody has used the address. Of those that are sent meanwhile, some may go as well.
   */
  purgeDelayedMessages(argument: _chappe_v1_PurgeDelayedMessagesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeDelayedMessages(argument: _chappe_v1_PurgeDelayedMessagesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeDelayedMessages(argument: _chappe_v1_PurgeDelayedMessagesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeDelayedMessages(argument: _chappe_v1_PurgeDelayedMessagesRequest, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes what waits at one subscription and nobody holds, retries included. What consumers hold they go on with. A
   * topic's other subscriptions keep their messages, and an address its delayed ones.
   */
  PurgeMessages(argument: _chappe_v1_PurgeMessagesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeMessages(argument: _chappe_v1_PurgeMessagesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeMessages(argument: _chappe_v1_PurgeMessagesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  PurgeMessages(argument: _chappe_v1_PurgeMessagesRequest, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes what waits at one subscription and nobody holds, retries included. What consumers hold they go on with. A
   * topic's other subscriptions keep their messages, and an address its delayed ones.
   */
  purgeMessages(argument: _chappe_v1_PurgeMessagesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeMessages(argument: _chappe_v1_PurgeMessagesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeMessages(argument: _chappe_v1_PurgeMessagesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  purgeMessages(argument: _chappe_v1_PurgeMessagesRequest, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  
  /**
   * Puts dead letters back into their own subscription's queue, as attempt 1, oldest first. Each leaves the dead letters
   * in the step that puts it back: none is lost, none is doubled. A topic's other subscriptions do not see it. What is
   * redriven does not expire any more.
   */
  RedriveDeadLetters(argument: _chappe_v1_DeadLetterSelection, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  RedriveDeadLetters(argument: _chappe_v1_DeadLetterSelection, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  RedriveDeadLetters(argument: _chappe_v1_DeadLetterSelection, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  RedriveDeadLetters(argument: _chappe_v1_DeadLetterSelection, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  /**
   * Puts dead letters back into their own subscription's queue, as attempt 1, oldest first. Each leaves the dead letters
   * in the step that puts it back: none is lost, none is doubled. A topic's other subscriptions do not see it. What is
   * redriven does not expire any more.
   */
  redriveDeadLetters(argument: _chappe_v1_DeadLetterSelection, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  redriveDeadLetters(argument: _chappe_v1_DeadLetterSelection, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  redriveDeadLetters(argument: _chappe_v1_DeadLetterSelection, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  redriveDeadLetters(argument: _chappe_v1_DeadLetterSelection, callback: grpc.requestCallback<_chappe_v1_WorkDone__Output>): grpc.ClientUnaryCall;
  
  /**
   * Moves a topic's subscription to a position in what the topic keeps: it reads on from there. What its consumers hold is
   * taken from them, and waiting retries are dropped; dead letters and counters stay. What comes again looks as it did the
   * first time. NOT_FOUND if the subscription is not there, or the topic keeps no such message; FAILED_PRECONDITION for a
   * receiver, whose queue keeps nothing that was settled; UNIMPLEMENTED where the store cannot read again.
   */
  Seek(argument: _chappe_v1_SeekRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_SeekResponse__Output>): grpc.ClientUnaryCall;
  Seek(argument: _chappe_v1_SeekRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_SeekResponse__Output>): grpc.ClientUnaryCall;
  Seek(argument: _chappe_v1_SeekRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_SeekResponse__Output>): grpc.ClientUnaryCall;
  Seek(argument: _chappe_v1_SeekRequest, callback: grpc.requestCallback<_chappe_v1_SeekResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Moves a topic's subscription to a position in what the topic keeps: it reads on from there. What its consumers hold is
   * taken from them, and waiting retries are dropped; dead letters and counters stay. What comes again looks as it did the
   * first time. NOT_FOUND if the subscription is not there, or the topic keeps no such message; FAILED_PRECONDITION for a
   * receiver, whose queue keeps nothing that was settled; UNIMPLEMENTED where the store cannot read again.
   */
  seek(argument: _chappe_v1_SeekRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_SeekResponse__Output>): grpc.ClientUnaryCall;
  seek(argument: _chappe_v1_SeekRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_SeekResponse__Output>): grpc.ClientUnaryCall;
  seek(argument: _chappe_v1_SeekRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_SeekResponse__Output>): grpc.ClientUnaryCall;
  seek(argument: _chappe_v1_SeekRequest, callback: grpc.requestCallback<_chappe_v1_SeekResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Where nothing is found, because its address or its subscription is not there, calls fail with NOT_FOUND.
 */
export interface AdminServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Deletes an address with all it has. NOT_FOUND if it is not there; FAILED_PRECONDITION, unless forced, for one that has
   * messages (a topic's history included), dead letters or consumers. The next publish or consumer makes it anew, with a
   * new epoch: to senders and consumers it is as if its history had been lost, so that a sender that lives sends again
   * what it sent in the last seconds. Stop senders first.
   */
  DeleteAddress: grpc.handleUnaryCall<_chappe_v1_DeleteAddressRequest__Output, _chappe_v1_DeleteAddressResponse>;
  
  /**
   * Deletes a topic's subscription, with its messages and dead letters. NOT_FOUND if it is not there; FAILED_PRECONDITION
   * for a receiver's only one and, unless forced, for one that has messages, dead letters or consumers. Consumers that
   * read it all the same lose what they hold and make it anew: it begins with what is published then.
   */
  DeleteSubscription: grpc.handleUnaryCall<_chappe_v1_DeleteSubscriptionRequest__Output, _chappe_v1_DeleteSubscriptionResponse>;
  
  /**
   * The state of one address. NOT_FOUND if nobody has used it.
   */
  GetAddress: grpc.handleUnaryCall<_chappe_v1_GetAddressRequest__Output, _chappe_v1_AddressInfo>;
  
  /**
   * One dead letter with its whole body. NOT_FOUND if it is not there.
   */
  GetDeadLetter: grpc.handleUnaryCall<_chappe_v1_GetDeadLetterRequest__Output, _chappe_v1_DeadLetterInfo>;
  
  /**
   * Addresses that somebody has used, with their state, page by page. Each once, in no promised order.
   */
  ListAddresses: grpc.handleUnaryCall<_chappe_v1_ListAddressesRequest__Output, _chappe_v1_ListAddressesResponse>;
  
  /**
   * Dead letters, oldest first, page by page.
   */
  ListDeadLetters: grpc.handleUnaryCall<_chappe_v1_ListDeadLettersRequest__Output, _chappe_v1_ListDeadLettersResponse>;
  
  /**
   * What waits, oldest first. Takes nothing, and changes no order.
   */
  Peek: grpc.handleUnaryCall<_chappe_v1_PeekRequest__Output, _chappe_v1_PeekResponse>;
  
  /**
   * Deletes dead letters.
   */
  PurgeDeadLetters: grpc.handleUnaryCall<_chappe_v1_DeadLetterSelection__Output, _chappe_v1_WorkDone>;
  
  /**
   * Deletes the messages of an address that wait for the time they are to be delivered at, soonest first, and frees their
   * deduplication ids. NOT_FOUND if nobody has used the address. Of those that are sent meanwhile, some may go as well.
   */
  PurgeDelayedMessages: grpc.handleUnaryCall<_chappe_v1_PurgeDelayedMessagesRequest__Output, _chappe_v1_WorkDone>;
  
  /**
   * Deletes what waits at one subscription and nobody holds, retries included. What consumers hold they go on with. A
   * topic's other subscriptions keep their messages, and an address its delayed ones.
   */
  PurgeMessages: grpc.handleUnaryCall<_chappe_v1_PurgeMessagesRequest__Output, _chappe_v1_WorkDone>;
  
  /**
   * Puts dead letters back into their own subscription's queue, as attempt 1, oldest first. Each leaves the dead letters
   * in the step that puts it back: none is lost, none is doubled. A topic's other subscriptions do not see it. What is
   * redriven does not expire any more.
   */
  RedriveDeadLetters: grpc.handleUnaryCall<_chappe_v1_DeadLetterSelection__Output, _chappe_v1_WorkDone>;
  
  /**
   * Moves a topic's subscription to a position in what the topic keeps: it reads on from there. What its consumers hold is
   * taken from them, and waiting retries are dropped; dead letters and counters stay. What comes again looks as it did the
   * first time. NOT_FOUND if the subscription is not there, or the topic keeps no such message; FAILED_PRECONDITION for a
   * receiver, whose queue keeps nothing that was settled; UNIMPLEMENTED where the store cannot read again.
   */
  Seek: grpc.handleUnaryCall<_chappe_v1_SeekRequest__Output, _chappe_v1_SeekResponse>;
  
}

export interface AdminServiceDefinition extends grpc.ServiceDefinition {
  DeleteAddress: MethodDefinition<_chappe_v1_DeleteAddressRequest, _chappe_v1_DeleteAddressResponse, _chappe_v1_DeleteAddressRequest__Output, _chappe_v1_DeleteAddressResponse__Output>
  DeleteSubscription: MethodDefinition<_chappe_v1_DeleteSubscriptionRequest, _chappe_v1_DeleteSubscriptionResponse, _chappe_v1_DeleteSubscriptionRequest__Output, _chappe_v1_DeleteSubscriptionResponse__Output>
  GetAddress: MethodDefinition<_chappe_v1_GetAddressRequest, _chappe_v1_AddressInfo, _chappe_v1_GetAddressRequest__Output, _chappe_v1_AddressInfo__Output>
  GetDeadLetter: MethodDefinition<_chappe_v1_GetDeadLetterRequest, _chappe_v1_DeadLetterInfo, _chappe_v1_GetDeadLetterRequest__Output, _chappe_v1_DeadLetterInfo__Output>
  ListAddresses: MethodDefinition<_chappe_v1_ListAddressesRequest, _chappe_v1_ListAddressesResponse, _chappe_v1_ListAddressesRequest__Output, _chappe_v1_ListAddressesResponse__Output>
  ListDeadLetters: MethodDefinition<_chappe_v1_ListDeadLettersRequest, _chappe_v1_ListDeadLettersResponse, _chappe_v1_ListDeadLettersRequest__Output, _chappe_v1_ListDeadLettersResponse__Output>
  Peek: MethodDefinition<_chappe_v1_PeekRequest, _chappe_v1_PeekResponse, _chappe_v1_PeekRequest__Output, _chappe_v1_PeekResponse__Output>
  PurgeDeadLetters: MethodDefinition<_chappe_v1_DeadLetterSelection, _chappe_v1_WorkDone, _chappe_v1_DeadLetterSelection__Output, _chappe_v1_WorkDone__Output>
  PurgeDelayedMessages: MethodDefinition<_chappe_v1_PurgeDelayedMessagesRequest, _chappe_v1_WorkDone, _chappe_v1_PurgeDelayedMessagesRequest__Output, _chappe_v1_WorkDone__Output>
  PurgeMessages: MethodDefinition<_chappe_v1_PurgeMessagesRequest, _chappe_v1_WorkDone, _chappe_v1_PurgeMessagesRequest__Output, _chappe_v1_WorkDone__Output>
  RedriveDeadLetters: MethodDefinition<_chappe_v1_DeadLetterSelection, _chappe_v1_WorkDone, _chappe_v1_DeadLetterSelection__Output, _chappe_v1_WorkDone__Output>
  Seek: MethodDefinition<_chappe_v1_SeekRequest, _chappe_v1_SeekResponse, _chappe_v1_SeekRequest__Output, _chappe_v1_SeekResponse__Output>
}
