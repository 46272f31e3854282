import type { AddressView, SubscriptionView } from "@chappe/client/admin";
import { counted } from "../counted.ts";
import { durationText } from "../durations.ts";
import { printJson, type Session } from "../session.ts";
import { type Column, tableLines } from "../table.ts";

/** What `addresses` was given. */
export interface AddressesOptions {
  readonly prefix: string;
  /** How long to count for the rates, milliseconds; 0: no rates, and no waiting. */
  readonly rateMs: number;
}

interface RatedSubscription extends SubscriptionView {
  readonly ackedPerSecond: number | undefined;
}

interface RatedAddress extends Omit<AddressView, "subscriptions"> {
  readonly publishedPerSecond: number | undefined;
  readonly subscriptions: readonly RatedSubscription[];
}

interface Row {
  readonly address: RatedAddress;
  /** Undefined for a topic that nobody has subscribed to. */
  readonly state: RatedSubscription | undefined;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "ADDRESS", text: ({ address }) => address.address },
  { title: "SUBSCRIPTION", text: ({ state }) => state?.subscription || "-" },
  { title: "DEPTH", align: "right", text: ({ state }) => countText(state?.depthMessages) },
  { title: "OLDEST", align: "right", text: ({ state }) => durationText(state?.oldestAgeMs) },
  { title: "DELAYED", align: "right", text: ({ address }) => countText(address.delayedMessages) },
  { title: "IN/S", align: "right", text: ({ address }) => rateText(address.publishedPerSecond) },
  { title: "ACKED/S", align: "right", text: ({ state }) => rateText(state?.ackedPerSecond) },
  { title: "HELD", align: "right", text: ({ state }) => countText(state?.heldBatches) },
  { title: "RETRIES", align: "right", text: ({ state }) => countText(state?.waitingRetries) },
  { title: "DEAD", align: "right", text: ({ state }) => countText(state?.deadLetters) },
  { title: "ROUTERS", align: "right", text: ({ state }) => countText(state?.readingRouters) },
];

/** Lists addresses, a line for each subscription, by name. */
export async function runAddresses(session: Session, { prefix, rateMs }: AddressesOptions): Promise<void> {
  const addresses = await readRates(session, prefix, rateMs);
  if (session.json) return printJson(session, { addresses });
  if (addresses.length === 0) return session.tell(prefix === "" ? "no addresses" : `no addresses begin with ${prefix}`);
  printAddresses(session, addresses);
}

/** Shows one address, and who holds its messages. */
export async function runShow(session: Session, address: string): Promise<void> {
  const found = await session.admin.address(address);
  if (session.json) return printJson(session, found);
  printAddresses(session, [unrated(found)]);
  session.print("");
  session.print(
    `epoch ${found.epoch}: ${counted(found.publishedMessages, "message")} published, ${found.delayedMessages} delayed`,
  );
  for (const state of found.subscriptions) {
    const of = state.subscription === "" ? "" : `${state.subscription}: `;
    session.print(`${of}${countersText(state)}`);
    for (const { instance, heldBatches } of state.holders) session.print(`  ${instance} holds ${heldBatches}`);
  }
}

function printAddresses(session: Session, addresses: readonly RatedAddress[]): void {
  const rows = addresses.flatMap((address): Row[] =>
    address.subscriptions.length === 0
      ? [{ address, state: undefined }]
      : address.subscriptions.map((state) => ({ address, state })),
  );
  for (const line of tableLines(COLUMNS, rows)) session.print(line);
}

/** Counters say how many so far; how fast takes two looks. */
async function readRates(session: Session, prefix: string, rateMs: number): Promise<RatedAddress[]> {
  const before = await readAll(session, prefix);
  if (rateMs === 0 || before.size === 0) return [...before.values()].map(({ view }) => unrated(view));
  await session.wait(rateMs);
  const after = await readAll(session, prefix);
  return [...after.values()].map(({ view, atMs }): RatedAddress => {
    const earlier = before.get(view.address);
    // A new epoch counts from 0 again.
    if (earlier?.view.epoch !== view.epoch) return unrated(view);
    const seconds = (atMs - earlier.atMs) / 1_000;
    const ackedBefore = new Map(earlier.view.subscriptions.map((each) => [each.subscription, each.ackedMessages]));
    return {
      ...view,
      publishedPerSecond: (view.publishedMessages - earlier.view.publishedMessages) / seconds,
      subscriptions: view.subscriptions.map((state) => {
        const acked = ackedBefore.get(state.subscription);
        const perSecond = acked === undefined ? undefined : Math.max(0, state.ackedMessages - acked) / seconds;
        return { ...state, ackedPerSecond: perSecond };
      }),
    };
  });
}

interface Look {
  readonly view: AddressView;
  readonly atMs: number;
}

async function readAll({ admin }: Session, prefix: string): Promise<Map<string, Look>> {
  const looks: Look[] = [];
  for await (const view of admin.addresses(prefix)) looks.push({ view, atMs: performance.now() });
  looks.sort((a, b) => (a.view.address < b.view.address ? -1 : 1));
  return new Map(looks.map((look) => [look.view.address, look]));
}

function unrated(view: AddressView): RatedAddress {
  const subscriptions = view.subscriptions.map((state) => ({ ...state, ackedPerSecond: undefined }));
  return { ...view, publishedPerSecond: undefined, subscriptions };
}

/** What has become of messages so far: outcomes always, the rest where there is any. */
function countersText(state: SubscriptionView): string {
  const outcomes = [
    `${state.ackedMessages} acked`,
    `${state.retriedMessages} tried again`,
    `${state.deadMessages} died`,
  ];
  if (state.expiredMessages > 0) outcomes.push(`${state.expiredMessages} expired`);
  if (state.trimmedMessages > 0) outcomes.push(`${state.trimmedMessages} trimmed`);
  if (state.purgedMessages > 0) outcomes.push(`${state.purgedMessages} purged`);
  if (state.redrivenMessages > 0) outcomes.push(`${state.redrivenMessages} redriven`);
  if (state.droppedDeadLetters > 0) outcomes.push(`${counted(state.droppedDeadLetters, "dead letter")} dropped`);
  return outcomes.join(", ");
}

function countText(count: number | undefined): string {
  return count === undefined ? "-" : String(count);
}

function rateText(perSecond: number | undefined): string {
  if (perSecond === undefined) return "-";
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}
