/**
 * Chappe with the client of another checkout. That checkout's root stands in the query of this module's own address:
 * `checkout-client.ts?file:///checkout/`.
 */
import type { connect } from "@chappe/client";
import { chappeThrough } from "../end-to-end/chappe-through.ts";

const root = decodeURIComponent(new URL(import.meta.url).search.slice(1));
const module = (await import(new URL("packages/client/src/index.ts", root).href)) as { connect: typeof connect };

export const client = chappeThrough(module.connect);
