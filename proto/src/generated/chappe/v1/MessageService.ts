// Original file: chappe/v1/service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelRequest as _chappe_v1_CancelRequest, CancelRequest__Output as _chappe_v1_CancelRequest__Output } from '../../chappe/v1/CancelRequest.ts';
import type { CancelResponse as _chappe_v1_CancelResponse, CancelResponse__Output as _chappe_v1_CancelResponse__Output } from '../../chappe/v1/CancelResponse.ts';
import type { PublishRequest as _chappe_v1_PublishRequest, PublishRequest__Output as _chappe_v1_PublishRequest__Output } from '../../chappe/v1/PublishRequest.ts';
import type { PublishResponse as _chappe_v1_PublishResponse, PublishResponse__Output as _chappe_v1_PublishResponse__Output } from '../../chappe/v1/PublishResponse.ts';
import type { SendRequest as _chappe_v1_SendRequest, SendRequest__Output as _chappe_v1_SendRequest__Output } from '../../chappe/v1/SendRequest.ts';
import type { SendResponse as _chappe_v1_SendResponse, SendResponse__Output as _chappe_v1_SendResponse__Output } from '../../chappe/v1/SendResponse.ts';
import type { SubscribeRequest as _chappe_v1_SubscribeRequest, SubscribeRequest__Output as _chappe_v1_SubscribeRequest__Output } from '../../chappe/v1/SubscribeRequest.ts';
import type { SubscribeResponse as _chappe_v1_SubscribeResponse, SubscribeResponse__Output as _chappe_v1_SubscribeResponse__Output } from '../../chappe/v1/SubscribeResponse.ts';

export interface MessageServiceClient extends grpc.Client {
  /**
   * Takes back a message that waits for its deliver_at_unix_ms. Only who sent it can.
   */
  Cancel(argument: _chappe_v1_CancelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _chappe_v1_CancelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _chappe_v1_CancelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _chappe_v1_CancelRequest, callback: grpc.requestCallback<_chappe_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes back a message that waits for its deliver_at_unix_ms. Only who sent it can.
   */
  cancel(argument: _chappe_v1_CancelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _chappe_v1_CancelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _chappe_v1_CancelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _chappe_v1_CancelRequest, callback: grpc.requestCallback<_chappe_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Sends batches, pipelined: the client need not wait for an answer before the next frame. Every batch gets one
   * answer. Answers to batches of one producer come in the order of the batches.
   */
  Publish(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chappe_v1_PublishRequest, _chappe_v1_PublishResponse__Output>;
  Publish(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chappe_v1_PublishRequest, _chappe_v1_PublishResponse__Output>;
  /**
   * Sends batches, pipelined: the client need not wait for an answer before the next frame. Every batch gets one
   * answer. Answers to batches of one producer come in the order of the batches.
   */
  publish(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chappe_v1_PublishRequest, _chappe_v1_PublishResponse__Output>;
  publish(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chappe_v1_PublishRequest, _chappe_v1_PublishResponse__Output>;
  
  /**
   * Sends one message. Answers only when it is stored with the durability asked for.
   */
  Send(argument: _chappe_v1_SendRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_SendResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _chappe_v1_SendRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_SendResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _chappe_v1_SendRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_SendResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _chappe_v1_SendRequest, callback: grpc.requestCallback<_chappe_v1_SendResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Sends one message. Answers only when it is stored with the durability asked for.
   */
  send(argument: _chappe_v1_SendRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_SendResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _chappe_v1_SendRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_chappe_v1_SendResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _chappe_v1_SendRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_chappe_v1_SendResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _chappe_v1_SendRequest, callback: grpc.requestCallback<_chappe_v1_SendResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Receives. The client opens, then grants credit and reports outcomes; the router delivers.
   * 
   * A subscription of a topic exists from its first Subscribe on and outlives its consumers. A half-close gives back
   * what is unsettled, uncounted; a stream that breaks counts as a crash of its consumer: what it held is retried.
   */
  Subscribe(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chappe_v1_SubscribeRequest, _chappe_v1_SubscribeResponse__Output>;
  Subscribe(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chappe_v1_SubscribeRequest, _chappe_v1_SubscribeResponse__Output>;
  /**
   * Receives. The client opens, then grants credit and reports outcomes; the router delivers.
   * 
   * A subscription of a topic exists from its first Subscribe on and outlives its consumers. A half-close gives back
   * what is unsettled, uncounted; a stream that breaks counts as a crash of its consumer: what it held is retried.
   */
  subscribe(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chappe_v1_SubscribeRequest, _chappe_v1_SubscribeResponse__Output>;
  subscribe(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chappe_v1_SubscribeRequest, _chappe_v1_SubscribeResponse__Output>;
  
}

export interface MessageServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Takes back a message that waits for its deliver_at_unix_ms. Only who sent it can.
   */
  Cancel: grpc.handleUnaryCall<_chappe_v1_CancelRequest__Output, _chappe_v1_CancelResponse>;
  
  /**
   * Sends batches, pipelined: the client need not wait for an answer before the next frame. Every batch gets one
   * answer. Answers to batches of one producer come in the order of the batches.
   */
  Publish: grpc.handleBidiStreamingCall<_chappe_v1_PublishRequest__Output, _chappe_v1_PublishResponse>;
  
  /**
   * Sends one message. Answers only when it is stored with the durability asked for.
   */
  Send: grpc.handleUnaryCall<_chappe_v1_SendRequest__Output, _chappe_v1_SendResponse>;
  
  /**
   * Receives. The client opens, then grants credit and reports outcomes; the router delivers.
   * 
   * A subscription of a topic exists from its first Subscribe on and outlives its consumers. A half-close gives back
   * what is unsettled, uncounted; a stream that breaks counts as a crash of its consumer: what it held is retried.
   */
  Subscribe: grpc.handleBidiStreamingCall<_chappe_v1_SubscribeRequest__Output, _chappe_v1_SubscribeResponse>;
  
}

export interface MessageServiceDefinition extends grpc.ServiceDefinition {
  Cancel: MethodDefinition<_chappe_v1_CancelRequest, _chappe_v1_CancelResponse, _chappe_v1_CancelRequest__Output, _chappe_v1_CancelResponse__Output>
  Publish: MethodDefinition<_chappe_v1_PublishRequest, _chappe_v1_PublishResponse, _chappe_v1_PublishRequest__Output, _chappe_v1_PublishResponse__Output>
  Send: MethodDefinition<_chappe_v1_SendRequest, _chappe_v1_SendResponse, _chappe_v1_SendRequest__Output, _chappe_v1_SendResponse__Output>
  Subscribe: MethodDefinition<_chappe_v1_SubscribeRequest, _chappe_v1_SubscribeResponse, _chappe_v1_SubscribeRequest__Output, _chappe_v1_SubscribeResponse__Output>
}
