import { messageIdAt, newId } from "@chappe/message";
import type { BenchCase } from "../bench-case.ts";
import { filledBatch } from "./filled-batch.ts";
import { runMicro } from "./run-micro.ts";

const IDS = 1_000;

/** What an id costs: a new one, and that of a message within its batch. */
export function idCases(): BenchCase[] {
  return [
    {
      kind: "micro",
      name: "chappe/micro/id/new",
      run: () => runMicro({ name: "chappe/micro/id/new", messages: IDS, call: () => many(newId) }),
    },
    {
      kind: "micro",
      name: "chappe/micro/id/of-batch",
      run: () => {
        const { firstId } = filledBatch(Buffer.alloc(1)).header;
        const call = () => many((index) => messageIdAt(firstId, index));
        return runMicro({ name: "chappe/micro/id/of-batch", messages: IDS, call });
      },
    },
  ];
}

/** Many at a time, because one alone takes less than the clock can tell. */
function many(id: (index: number) => string): number {
  let characters = 0;
  for (let index = 0; index < IDS; index++) characters += id(index).length;
  return characters;
}
