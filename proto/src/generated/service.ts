import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Batch as _chappe_v1_Batch, Batch__Output as _chappe_v1_Batch__Output } from './chappe/v1/Batch.ts';
import type { BatchHeader as _chappe_v1_BatchHeader, BatchHeader__Output as _chappe_v1_BatchHeader__Output } from './chappe/v1/BatchHeader.ts';
import type { CancelRequest as _chappe_v1_CancelRequest, CancelRequest__Output as _chappe_v1_CancelRequest__Output } from './chappe/v1/CancelRequest.ts';
import type { CancelResponse as _chappe_v1_CancelResponse, CancelResponse__Output as _chappe_v1_CancelResponse__Output } from './chappe/v1/CancelResponse.ts';
import type { Credit as _chappe_v1_Credit, Credit__Output as _chappe_v1_Credit__Output } from './chappe/v1/Credit.ts';
import type { Delivery as _chappe_v1_Delivery, Delivery__Output as _chappe_v1_Delivery__Output } from './chappe/v1/Delivery.ts';
import type { Error as _chappe_v1_Error, Error__Output as _chappe_v1_Error__Output } from './chappe/v1/Error.ts';
import type { MessageServiceClient as _chappe_v1_MessageServiceClient, MessageServiceDefinition as _chappe_v1_MessageServiceDefinition } from './chappe/v1/MessageService.ts';
import type { Open as _chappe_v1_Open, Open__Output as _chappe_v1_Open__Output } from './chappe/v1/Open.ts';
import type { Opened as _chappe_v1_Opened, Opened__Output as _chappe_v1_Opened__Output } from './chappe/v1/Opened.ts';
import type { Outcome as _chappe_v1_Outcome, Outcome__Output as _chappe_v1_Outcome__Output } from './chappe/v1/Outcome.ts';
import type { PublishRequest as _chappe_v1_PublishRequest, PublishRequest__Output as _chappe_v1_PublishRequest__Output } from './chappe/v1/PublishRequest.ts';
import type { PublishResponse as _chappe_v1_PublishResponse, PublishResponse__Output as _chappe_v1_PublishResponse__Output } from './chappe/v1/PublishResponse.ts';
import type { PublishResult as _chappe_v1_PublishResult, PublishResult__Output as _chappe_v1_PublishResult__Output } from './chappe/v1/PublishResult.ts';
import type { Receipt as _chappe_v1_Receipt, Receipt__Output as _chappe_v1_Receipt__Output } from './chappe/v1/Receipt.ts';
import type { Record as _chappe_v1_Record, Record__Output as _chappe_v1_Record__Output } from './chappe/v1/Record.ts';
import type { Records as _chappe_v1_Records, Records__Output as _chappe_v1_Records__Output } from './chappe/v1/Records.ts';
import type { RefusedOutcome as _chappe_v1_RefusedOutcome, RefusedOutcome__Output as _chappe_v1_RefusedOutcome__Output } from './chappe/v1/RefusedOutcome.ts';
import type { SendRequest as _chappe_v1_SendRequest, SendRequest__Output as _chappe_v1_SendRequest__Output } from './chappe/v1/SendRequest.ts';
import type { SendResponse as _chappe_v1_SendResponse, SendResponse__Output as _chappe_v1_SendResponse__Output } from './chappe/v1/SendResponse.ts';
import type { Settled as _chappe_v1_Settled, Settled__Output as _chappe_v1_Settled__Output } from './chappe/v1/Settled.ts';
import type { SubscribeRequest as _chappe_v1_SubscribeRequest, SubscribeRequest__Output as _chappe_v1_SubscribeRequest__Output } from './chappe/v1/SubscribeRequest.ts';
import type { SubscribeResponse as _chappe_v1_SubscribeResponse, SubscribeResponse__Output as _chappe_v1_SubscribeResponse__Output } from './chappe/v1/SubscribeResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  chappe: {
    v1: {
      Batch: MessageTypeDefinition<_chappe_v1_Batch, _chappe_v1_Batch__Output>
      BatchHeader: MessageTypeDefinition<_chappe_v1_BatchHeader, _chappe_v1_BatchHeader__Output>
      CancelRequest: MessageTypeDefinition<_chappe_v1_CancelRequest, _chappe_v1_CancelRequest__Output>
      CancelResponse: MessageTypeDefinition<_chappe_v1_CancelResponse, _chappe_v1_CancelResponse__Output>
      Credit: MessageTypeDefinition<_chappe_v1_Credit, _chappe_v1_Credit__Output>
      Delivery: MessageTypeDefinition<_chappe_v1_Delivery, _chappe_v1_Delivery__Output>
      Durability: EnumTypeDefinition
      Error: MessageTypeDefinition<_chappe_v1_Error, _chappe_v1_Error__Output>
      MessageService: SubtypeConstructor<typeof grpc.Client, _chappe_v1_MessageServiceClient> & { service: _chappe_v1_MessageServiceDefinition }
      Open: MessageTypeDefinition<_chappe_v1_Open, _chappe_v1_Open__Output>
      Opened: MessageTypeDefinition<_chappe_v1_Opened, _chappe_v1_Opened__Output>
      Outcome: MessageTypeDefinition<_chappe_v1_Outcome, _chappe_v1_Outcome__Output>
      OutcomeKind: EnumTypeDefinition
      PublishRequest: MessageTypeDefinition<_chappe_v1_PublishRequest, _chappe_v1_PublishRequest__Output>
      PublishResponse: MessageTypeDefinition<_chappe_v1_PublishResponse, _chappe_v1_PublishResponse__Output>
      PublishResult: MessageTypeDefinition<_chappe_v1_PublishResult, _chappe_v1_PublishResult__Output>
      Receipt: MessageTypeDefinition<_chappe_v1_Receipt, _chappe_v1_Receipt__Output>
      Record: MessageTypeDefinition<_chappe_v1_Record, _chappe_v1_Record__Output>
      Records: MessageTypeDefinition<_chappe_v1_Records, _chappe_v1_Records__Output>
      RefusedOutcome: MessageTypeDefinition<_chappe_v1_RefusedOutcome, _chappe_v1_RefusedOutcome__Output>
      SendRequest: MessageTypeDefinition<_chappe_v1_SendRequest, _chappe_v1_SendRequest__Output>
      SendResponse: MessageTypeDefinition<_chappe_v1_SendResponse, _chappe_v1_SendResponse__Output>
      Settled: MessageTypeDefinition<_chappe_v1_Settled, _chappe_v1_Settled__Output>
      StartFrom: EnumTypeDefinition
      SubscribeRequest: MessageTypeDefinition<_chappe_v1_SubscribeRequest, _chappe_v1_SubscribeRequest__Output>
      SubscribeResponse: MessageTypeDefinition<_chappe_v1_SubscribeResponse, _chappe_v1_SubscribeResponse__Output>
    }
  }
}

