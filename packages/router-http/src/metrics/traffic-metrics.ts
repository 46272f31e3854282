import type { Registry } from "prom-client";
import { type Reading, readCounter, readGauge } from "./read-metric.ts";
import { attemptLabel, type Traffic } from "./traffic.ts";

/** Shows what passed through a broker. */
export function registerTraffic(registry: Registry, traffic: Traffic): void {
  const counter = (name: string, help: string, read: () => Reading, ...labelNames: string[]): void =>
    readCounter(registry, { name, help, read, labelNames });
  const gauge = (name: string, help: string, read: () => number): void => readGauge(registry, { name, help, read });

  counter("chappe_published_messages_total", "Messages stored.", () => traffic.publishedMessages);
  counter("chappe_published_batches_total", "Batches stored.", () => traffic.publishedBatches);
  counter("chappe_published_bytes_total", "Bytes of records stored.", () => traffic.publishedBytes);
  counter("chappe_duplicate_batches_total", "Batches that had been stored before.", () => traffic.duplicateBatches);
  counter(
    "chappe_failed_batches_total",
    "Batches that were not stored, by error code.",
    () => [...traffic.failedBatches].map(([code, value]) => ({ labels: { code }, value })),
    "code",
  );
  gauge("chappe_unanswered_batches", "Batches whose answer the store owes.", () => traffic.unansweredBatches);
  counter(
    "chappe_delivered_messages_total",
    "Messages handed to consumers, by attempt.",
    () => traffic.deliveredMessages.map((value, index) => ({ labels: { attempt: attemptLabel(index) }, value })),
    "attempt",
  );
  counter("chappe_delivered_bytes_total", "Bytes of records handed to consumers.", () => traffic.deliveredBytes);
  gauge("chappe_held_messages", "Messages that consumers hold: in flight, not settled.", () => traffic.heldMessages);
  counter(
    "chappe_outcomes_total",
    "Messages settled, by outcome.",
    () => Object.entries(traffic.outcomes).map(([kind, value]) => ({ labels: { kind }, value })),
    "kind",
  );
  counter(
    "chappe_refused_outcomes_total",
    "Outcomes that were late, repeated or foreign.",
    () => traffic.refusedOutcomes,
  );
  counter("chappe_retried_messages_total", "Messages that will be tried again.", () => traffic.retriedMessages);
  counter(
    "chappe_dead_letters_total",
    "Messages that went to the dead letters, through this router.",
    () => traffic.deadMessages,
  );
  counter(
    "chappe_expired_messages_total",
    "Messages past their time that were dropped, through this router.",
    () => traffic.expiredMessages,
  );
  counter(
    "chappe_epoch_changes_total",
    "Times that a consumer was told of a new epoch: the store has lost messages of its address.",
    () => traffic.epochChanges,
  );
  gauge("chappe_consumers", "Consumers connected.", () => traffic.consumers);
  counter("chappe_crashed_consumers_total", "Consumers that went without a word.", () => traffic.crashedConsumers);
}
