import { ChappeError, receiverAddress, topicAddress } from "@chappe/message";
import { z } from "zod";
import type { ReceiveStream } from "./receive-stream.ts";
import type { Parameter } from "./route.ts";
import type { StreamRegistry } from "./stream-registry.ts";

/** What a path says of where a consumer reads. */
export class ReadingPlace {
  readonly address: string;
  /** Empty for a receiver's only one. */
  readonly subscription: string;

  constructor(address: string, subscription: string) {
    this.address = address;
    this.subscription = subscription;
  }

  /** The stream with this id. @throws ChappeError FAILED_PRECONDITION when it is not here, or reads elsewhere */
  streamOf(streams: StreamRegistry, id: string): ReceiveStream {
    const stream = streams.get(id);
    const { address, subscription } = stream.name;
    if (address === this.address && subscription === this.subscription) return stream;
    throw new ChappeError(
      "FAILED_PRECONDITION",
      `the stream reads ${inWords(address, subscription)}, not ${inWords(this.address, this.subscription)}`,
    );
  }
}

function inWords(address: string, subscription: string): string {
  return subscription === "" ? address : `${address}, subscription ${subscription}`;
}

/** One of the two kinds of places: how paths name it. */
export interface ReadingPath {
  /** What operation ids end with. */
  readonly suffix: "Receiver" | "Subscription";
  /** What its paths begin with. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** @throws ChappeError INVALID_ARGUMENT for names outside the grammar */
  readonly placeOf: (params: Readonly<Record<string, string>>) => ReadingPlace;
  /** Whether a consumer may say where a new subscription begins. */
  readonly hasStart: boolean;
}

const pathParameter = (name: string, description: string): Parameter => ({
  name,
  in: "path",
  required: true,
  description,
  schema: z.string().regex(/^[A-Za-z0-9._-]{1,200}$/),
});

/** A receiver's queue, and a subscription of a topic. */
export const READING_PATHS: readonly ReadingPath[] = [
  {
    suffix: "Receiver",
    path: "/v1/receivers/{receiver}",
    parameters: [pathParameter("receiver", "Id of the receiver.")],
    placeOf: ({ receiver = "" }) => new ReadingPlace(receiverAddress(receiver), ""),
    hasStart: false,
  },
  {
    suffix: "Subscription",
    path: "/v1/topics/{topic}/subscriptions/{subscription}",
    parameters: [
      pathParameter("topic", "Name of the topic."),
      pathParameter("subscription", "Name of the subscription; it is made if it is not there."),
    ],
    placeOf: ({ topic = "", subscription = "" }) => new ReadingPlace(topicAddress(topic), subscription),
    hasStart: true,
  },
];
