import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AddressInfo as _chappe_v1_AddressInfo, AddressInfo__Output as _chappe_v1_AddressInfo__Output } from './chappe/v1/AddressInfo.ts';
import type { AdminServiceClient as _chappe_v1_AdminServiceClient, AdminServiceDefinition as _chappe_v1_AdminServiceDefinition } from './chappe/v1/AdminService.ts';
import type { DeadLetterInfo as _chappe_v1_DeadLetterInfo, DeadLetterInfo__Output as _chappe_v1_DeadLetterInfo__Output } from './chappe/v1/DeadLetterInfo.ts';
import type { DeadLetterSelection as _chappe_v1_DeadLetterSelection, DeadLetterSelection__Output as _chappe_v1_DeadLetterSelection__Output } from './chappe/v1/DeadLetterSelection.ts';
import type { DeleteAddressRequest as _chappe_v1_DeleteAddressRequest, DeleteAddressRequest__Output as _chappe_v1_DeleteAddressRequest__Output } from './chappe/v1/DeleteAddressRequest.ts';
import type { DeleteAddressResponse as _chappe_v1_DeleteAddressResponse, DeleteAddressResponse__Output as _chappe_v1_DeleteAddressResponse__Output } from './chappe/v1/DeleteAddressResponse.ts';
import type { DeleteSubscriptionRequest as _chappe_v1_DeleteSubscriptionRequest, DeleteSubscriptionRequest__Output as _chappe_v1_DeleteSubscriptionRequest__Output } from './chappe/v1/DeleteSubscriptionRequest.ts';
import type { DeleteSubscriptionResponse as _chappe_v1_DeleteSubscriptionResponse, DeleteSubscriptionResponse__Output as _chappe_v1_DeleteSubscriptionResponse__Output } from './chappe/v1/DeleteSubscriptionResponse.ts';
import type { GetAddressRequest as _chappe_v1_GetAddressRequest, GetAddressRequest__Output as _chappe_v1_GetAddressRequest__Output } from './chappe/v1/GetAddressRequest.ts';
import type { GetDeadLetterRequest as _chappe_v1_GetDeadLetterRequest, GetDeadLetterRequest__Output as _chappe_v1_GetDeadLetterRequest__Output } from './chappe/v1/GetDeadLetterRequest.ts';
import type { HolderInfo as _chappe_v1_HolderInfo, HolderInfo__Output as _chappe_v1_HolderInfo__Output } from './chappe/v1/HolderInfo.ts';
import type { ListAddressesRequest as _chappe_v1_ListAddressesRequest, ListAddressesRequest__Output as _chappe_v1_ListAddressesRequest__Output } from './chappe/v1/ListAddressesRequest.ts';
import type { ListAddressesResponse as _chappe_v1_ListAddressesResponse, ListAddressesResponse__Output as _chappe_v1_ListAddressesResponse__Output } from './chappe/v1/ListAddressesResponse.ts';
import type { ListDeadLettersRequest as _chappe_v1_ListDeadLettersRequest, ListDeadLettersRequest__Output as _chappe_v1_ListDeadLettersRequest__Output } from './chappe/v1/ListDeadLettersRequest.ts';
import type { ListDeadLettersResponse as _chappe_v1_ListDeadLettersResponse, ListDeadLettersResponse__Output as _chappe_v1_ListDeadLettersResponse__Output } from './chappe/v1/ListDeadLettersResponse.ts';
import type { MessageInfo as _chappe_v1_MessageInfo, MessageInfo__Output as _chappe_v1_MessageInfo__Output } from './chappe/v1/MessageInfo.ts';
import type { PeekRequest as _chappe_v1_PeekRequest, PeekRequest__Output as _chappe_v1_PeekRequest__Output } from './chappe/v1/PeekRequest.ts';
import type { PeekResponse as _chappe_v1_PeekResponse, PeekResponse__Output as _chappe_v1_PeekResponse__Output } from './chappe/v1/PeekResponse.ts';
import type { PurgeDelayedMessagesRequest as _chappe_v1_PurgeDelayedMessagesRequest, PurgeDelayedMessagesRequest__Output as _chappe_v1_PurgeDelayedMessagesRequest__Output } from './chappe/v1/PurgeDelayedMessagesRequest.ts';
import type { PurgeMessagesRequest as _chappe_v1_PurgeMessagesRequest, PurgeMessagesRequest__Output as _chappe_v1_PurgeMessagesRequest__Output } from './chappe/v1/PurgeMessagesRequest.ts';
import type { SeekRequest as _chappe_v1_SeekRequest, SeekRequest__Output as _chappe_v1_SeekRequest__Output } from './chappe/v1/SeekRequest.ts';
import type { SeekResponse as _chappe_v1_SeekResponse, SeekResponse__Output as _chappe_v1_SeekResponse__Output } from './chappe/v1/SeekResponse.ts';
import type { SubscriptionInfo as _chappe_v1_SubscriptionInfo, SubscriptionInfo__Output as _chappe_v1_SubscriptionInfo__Output } from './chappe/v1/SubscriptionInfo.ts';
import type { WaitingMessage as _chappe_v1_WaitingMessage, WaitingMessage__Output as _chappe_v1_WaitingMessage__Output } from './chappe/v1/WaitingMessage.ts';
import type { WorkDone as _chappe_v1_WorkDone, WorkDone__Output as _chappe_v1_WorkDone__Output } from './chappe/v1/WorkDone.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  chappe: {
    v1: {
      AddressInfo: MessageTypeDefinition<_chappe_v1_AddressInfo, _chappe_v1_AddressInfo__Output>
      /**
       * Where nothing is found, because its address or its subscription is not there, calls fail with NOT_FOUND.
       */
      AdminService: SubtypeConstructor<typeof grpc.Client, _chappe_v1_AdminServiceClient> & { service: _chappe_v1_AdminServiceDefinition }
      DeadLetterInfo: MessageTypeDefinition<_chappe_v1_DeadLetterInfo, _chappe_v1_DeadLetterInfo__Output>
      DeadLetterSelection: MessageTypeDefinition<_chappe_v1_DeadLetterSelection, _chappe_v1_DeadLetterSelection__Output>
      DeleteAddressRequest: MessageTypeDefinition<_chappe_v1_DeleteAddressRequest, _chappe_v1_DeleteAddressRequest__Output>
      DeleteAddressResponse: MessageTypeDefinition<_chappe_v1_DeleteAddressResponse, _chappe_v1_DeleteAddressResponse__Output>
      DeleteSubscriptionRequest: MessageTypeDefinition<_chappe_v1_DeleteSubscriptionRequest, _chappe_v1_DeleteSubscriptionRequest__Output>
      DeleteSubscriptionResponse: MessageTypeDefinition<_chappe_v1_DeleteSubscriptionResponse, _chappe_v1_DeleteSubscriptionResponse__Output>
      GetAddressRequest: MessageTypeDefinition<_chappe_v1_GetAddressRequest, _chappe_v1_GetAddressRequest__Output>
      GetDeadLetterRequest: MessageTypeDefinition<_chappe_v1_GetDeadLetterRequest, _chappe_v1_GetDeadLetterRequest__Output>
      HolderInfo: MessageTypeDefinition<_chappe_v1_HolderInfo, _chappe_v1_HolderInfo__Output>
      ListAddressesRequest: MessageTypeDefinition<_chappe_v1_ListAddressesRequest, _chappe_v1_ListAddressesRequest__Output>
      ListAddressesResponse: MessageTypeDefinition<_chappe_v1_ListAddressesResponse, _chappe_v1_ListAddressesResponse__Output>
      ListDeadLettersRequest: MessageTypeDefinition<_chappe_v1_ListDeadLettersRequest, _chappe_v1_ListDeadLettersRequest__Output>
      ListDeadLettersResponse: MessageTypeDefinition<_chappe_v1_ListDeadLettersResponse, _chappe_v1_ListDeadLettersResponse__Output>
      MessageInfo: MessageTypeDefinition<_chappe_v1_MessageInfo, _chappe_v1_MessageInfo__Output>
      PeekRequest: MessageTypeDefinition<_chappe_v1_PeekRequest, _chappe_v1_PeekRequest__Output>
      PeekResponse: MessageTypeDefinition<_chappe_v1_PeekResponse, _chappe_v1_PeekResponse__Output>
      PurgeDelayedMessagesRequest: MessageTypeDefinition<_chappe_v1_PurgeDelayedMessagesRequest, _chappe_v1_PurgeDelayedMessagesRequest__Output>
      PurgeMessagesRequest: MessageTypeDefinition<_chappe_v1_PurgeMessagesRequest, _chappe_v1_PurgeMessagesRequest__Output>
      SeekRequest: MessageTypeDefinition<_chappe_v1_SeekRequest, _chappe_v1_SeekRequest__Output>
      SeekResponse: MessageTypeDefinition<_chappe_v1_SeekResponse, _chappe_v1_SeekResponse__Output>
      SubscriptionInfo: MessageTypeDefinition<_chappe_v1_SubscriptionInfo, _chappe_v1_SubscriptionInfo__Output>
      WaitingMessage: MessageTypeDefinition<_chappe_v1_WaitingMessage, _chappe_v1_WaitingMessage__Output>
      WaitingState: EnumTypeDefinition
      WorkDone: MessageTypeDefinition<_chappe_v1_WorkDone, _chappe_v1_WorkDone__Output>
    }
  }
}

