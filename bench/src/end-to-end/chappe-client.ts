/** Chappe, as the programs under measurement use it. */
import { connect } from "@chappe/client";
import { chappeThrough } from "./chappe-through.ts";

export const client = chappeThrough(connect);
