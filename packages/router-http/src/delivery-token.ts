import { ChappeError } from "@chappe/message";

/** Which message of which stream an outcome is for. */
export interface DeliveryPlace {
  /** Id of the stream. */
  readonly stream: string;
  /** Number of the delivery within the stream. */
  readonly delivery: number;
  /** Index of the message within the delivery. */
  readonly index: number;
}

/** A place as clients hold it. To them it is opaque; nobody can guess one, for a stream's id is random. */
export function deliveryToken({ stream, delivery, index }: DeliveryPlace): string {
  return `${stream}.${delivery}.${index}`;
}

/** The place that a token names. @throws ChappeError INVALID_ARGUMENT for what is none */
export function readDeliveryToken(token: string): DeliveryPlace {
  const [, stream, delivery, index] = /^([\w-]{1,100})\.(\d{1,15})\.(\d{1,6})$/.exec(token) ?? [];
  if (stream === undefined) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `delivery ${JSON.stringify(token.slice(0, 60))} is none that a stream told of`,
    );
  }
  return { stream, delivery: Number(delivery), index: Number(index) };
}
