import type { Reply } from "./redis-client.ts";
import type { Endpoint } from "./store-url.ts";

/** Number of slots of a cluster. */
export const SLOTS = 16_384;

/** What a node is called here. */
export function nodeName({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

/** Slots, first and last, and the master that serves them. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly master: Endpoint;
}

/** Reads the answer to CLUSTER SLOTS. A node that does not know its own address says none; `from` is where it was reached. */
export function slotRangesOf(answer: Reply, from: Endpoint): SlotRange[] {
  const rows = answer as readonly (readonly [number, number, readonly [Buffer | null, number]])[];
  return rows.map(([first, last, [host, port]]) => {
    const named = String(host ?? "");
    return { first, last, master: { host: named === "" || named === "?" ? from.host : named, port } };
  });
}

/** Which node serves which slot, as far as is known. */
export class SlotMap {
  readonly #nodes: (string | undefined)[] = Array.from({ length: SLOTS });
  readonly #moves = new Uint32Array(SLOTS);

  /** Name of the node that serves a slot; undefined where nobody is known to. */
  nodeOf(slot: number): string | undefined {
    return this.#nodes[slot];
  }

  /** How often a slot was assigned to another node. */
  movesOf(slot: number): number {
    return this.#moves[slot] ?? 0;
  }

  /** Notes that a node serves a slot. Returns whether that is news. */
  assign(slot: number, node: string): boolean {
    if (this.#nodes[slot] === node) return false;
    this.#nodes[slot] = node;
    this.#moves[slot] = this.movesOf(slot) + 1;
    return true;
  }

  /** Nodes that serve slots. */
  masters(): Set<string> {
    const masters = new Set<string>();
    for (const node of this.#nodes) if (node !== undefined) masters.add(node);
    return masters;
  }

  /** How many slots nobody is known to serve. */
  get unserved(): number {
    let count = 0;
    for (const node of this.#nodes) if (node === undefined) count++;
    return count;
  }
}
